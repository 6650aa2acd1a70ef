import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { DataLoader } from "fulmine";
import { splitDigits, toLoaders, type Part } from "./splitDigits.js";

/** The UCI digits as batches; see data/README.md. */
export async function loadDigits(): Promise<Record<Part, DataLoader>> {
  const file = await readFile(new URL("../data/digits.csv.gz", import.meta.url));
  return toLoaders(splitDigits(gunzipSync(file).toString()));
}
