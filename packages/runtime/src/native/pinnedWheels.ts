import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { NativeTarget } from "./nativeTarget.js";

const wheelSchema = v.object({
  name: v.string(),
  version: v.string(),
  sha256: v.string(),
});
const tableSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.record(v.string(), v.array(wheelSchema))),
);

/** A wheel as it was when this version of Fulmine was made. */
export type PinnedWheel = Readonly<v.InferOutput<typeof wheelSchema>>;

/** The wheels of a build with their hashes; `null` for a release that the package's table does not have. */
export function pinnedWheels({
  tensorflow,
  arch,
  flavor,
}: Pick<NativeTarget, "tensorflow" | "arch" | "flavor">): readonly PinnedWheel[] | null {
  return readTable()[tensorflow]?.[`${arch}-${flavor}`] ?? null;
}

/** The releases of TensorFlow whose wheels are pinned, the oldest first. */
export function pinnedReleases(): string[] {
  return Object.keys(readTable());
}

function readTable(): v.InferOutput<typeof tableSchema> {
  // Beside both `src` and `dist`; written by `scripts/pinWheels.mjs`.
  return v.parse(tableSchema, readFileSync(new URL("../../wheels.json", import.meta.url), "utf8"));
}
