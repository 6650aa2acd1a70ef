import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { DataLoader } from "fulmine";

/** How many of ten images of each digit are trained on, validated on and held out. */
const SHARES = { train: 7, val: 1, test: 2 };

/** The UCI digits as batches, each part with equally many of each digit; see data/README.md. */
export async function loadDigits(): Promise<Record<keyof typeof SHARES, DataLoader>> {
  const file = await readFile(new URL("../data/digits.csv.gz", import.meta.url));
  const rows = gunzipSync(file)
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const part: Record<keyof typeof SHARES, number[][]> = { train: [], val: [], test: [] };
  const seen = new Map<number, number>();
  for (const row of rows) {
    const label = row[64] ?? 0;
    const turn = (seen.get(label) ?? 0) % 10;
    seen.set(label, (seen.get(label) ?? 0) + 1);
    part[turn < SHARES.train ? "train" : turn < SHARES.train + SHARES.val ? "val" : "test"].push(row);
  }
  return {
    train: toLoader(part.train, { batchSize: 64, shuffle: true }),
    val: toLoader(part.val, { batchSize: 256 }),
    test: toLoader(part.test, { batchSize: 256 }),
  };
}

function toLoader(rows: number[][], options: { batchSize: number; shuffle?: boolean }): DataLoader {
  const pixels = Float32Array.from(rows.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
  const labels = Int32Array.from(rows, (row) => row[64] ?? 0);
  return new DataLoader({ xs: { values: pixels, shape: [rows.length, 64] }, ys: labels }, options);
}
