import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { NativeTarget } from "../cache/nativeTarget.js";

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

/** A wheel with the hash that it must have. */
export type PinnedWheel = Readonly<v.InferOutput<typeof wheelSchema>>;

/** Gets the wheels of a build with their hashes; `null` when `wheels.json` does not contain the release. */
export function pinnedWheels({
  tensorflow,
  platform,
  arch,
  flavor,
}: NativeTarget): readonly PinnedWheel[] | null {
  return readTable()[tensorflow]?.[`${platform}-${arch}-${flavor}`] ?? null;
}

/** Lists the TensorFlow releases with pinned wheels, oldest first. */
export function pinnedReleases(): string[] {
  return Object.keys(readTable());
}

function readTable(): v.InferOutput<typeof tableSchema> {
  // `scripts/pinWheels.mjs` writes this file. The path is the same from `src` and from `dist`.
  return v.parse(tableSchema, readFileSync(new URL("../../../wheels.json", import.meta.url), "utf8"));
}
