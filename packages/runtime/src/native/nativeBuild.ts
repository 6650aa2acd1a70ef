import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { nativeFolder } from "./cacheFolder.js";
import { targetName, type NativeFlavor, type NativeTarget } from "./nativeTarget.js";

/** The compiled addon's name inside a build's folder. */
export const ADDON = "tfjs_binding.node";

/** The name of the addon that loads libtensorflow quietly. */
export const QUIET_ADDON = "quiet.node";

/** The file that is written last and says that a build is whole. */
export const COMPLETE = "complete.json";

const completeSchema = v.object({
  name: v.string(),
  tensorflow: v.string(),
  flavor: v.picklist(["cpu", "gpu"]),
  tfjs: v.string(),
  /** What was built, with sizes in bytes, so that a file cut short or missing is noticed. */
  files: v.record(v.string(), v.number()),
  /** SHA-256 of the addon, in hexadecimal. */
  addonSha256: v.string(),
  /** SHA-256 of the addon that loads libtensorflow quietly; builds without it have none, nor have those of earlier versions. */
  quietSha256: v.optional(v.string()),
});

/** The contents of a build's `complete.json`. */
export type CompleteRecord = v.InferOutput<typeof completeSchema>;

/** A finished build in the cache: libtensorflow and the addon that ties tfjs to it. */
export interface NativeBuild {
  readonly folder: string;
  /** The path of the compiled addon. */
  readonly addon: string;
  /** The release of TensorFlow in it, e.g. `2.21.0`. */
  readonly tensorflow: string;
  readonly flavor: NativeFlavor;
  /** The SHA-256 of each addon when it was built, in hexadecimal, by its name in `folder`. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Finds the finished build of a target; `null` when there is none, or when any of its files is not whole. */
export function findBuild(target: NativeTarget): NativeBuild | null {
  return readBuild(targetName(target));
}

/** Lists the finished builds for a version of the addon on this machine, the one last set up first. */
export function listBuilds(tfjs: string, arch: string): NativeBuild[] {
  let names: string[];
  try {
    names = readdirSync(nativeFolder());
  } catch {
    return [];
  }
  return names
    .filter((name) => name.includes(`-linux-${arch}-tfjs-${tfjs}-v`))
    .map((name) => ({ build: readBuild(name), since: completedAt(name) }))
    .sort((a, b) => b.since - a.since)
    .flatMap(({ build }) => (build === null ? [] : [build]));
}

/** Marks a build as the one last set up, which makes it the one that is loaded. */
export function preferBuild(build: NativeBuild): void {
  try {
    utimesSync(join(build.folder, COMPLETE), new Date(), new Date());
  } catch {
    // A cache that can only be read keeps the order it has.
  }
}

function readBuild(name: string): NativeBuild | null {
  const folder = join(nativeFolder(), name);
  let text: string;
  try {
    text = readFileSync(join(folder, COMPLETE), "utf8");
  } catch {
    return null;
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), completeSchema), text);
  if (!parsed.success || parsed.output.name !== name) return null;
  const { tensorflow, flavor, files, addonSha256, quietSha256 } = parsed.output;
  const isWhole = Object.entries(files).every(
    ([path, size]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === size,
  );
  if (!isWhole) return null;
  const sha256 = {
    [ADDON]: addonSha256,
    ...(quietSha256 === undefined ? {} : { [QUIET_ADDON]: quietSha256 }),
  };
  return { folder, addon: join(folder, ADDON), tensorflow, flavor, sha256 };
}

function completedAt(name: string): number {
  return statSync(join(nativeFolder(), name, COMPLETE), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
