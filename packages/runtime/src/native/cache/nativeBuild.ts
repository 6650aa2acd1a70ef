import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { nativeFolder } from "./cacheFolder.js";
import { hostSystem } from "../host/hostSystem.js";
import { hostSuffix, targetName, type NativeFlavor, type NativeTarget } from "./nativeTarget.js";

/** The file name of the compiled addon in a build's folder. */
export const ADDON = "tfjs_binding.node";

/** The file name of the addon that sets environment variables and loads libtensorflow without its output. */
export const PROCESS_ADDON = "process.node";

/** The npm package that connects tfjs with libtensorflow; a build contains its JavaScript. */
export const TFJS_NODE = "@tensorflow/tfjs-node-gpu";

/** The folder of a build that contains its npm packages. */
export const PACKAGES = "node_modules";

/** The name of the record of a build. It is written last, so a build that has one is complete. */
export const COMPLETE = "complete.json";

const completeSchema = v.object({
  name: v.string(),
  tensorflow: v.string(),
  flavor: v.picklist(["cpu", "gpu"]),
  /** The sizes of the main files, in bytes. They reveal a missing or truncated file. */
  files: v.record(v.string(), v.number()),
  /** The SHA-256 of each addon and of each file of the npm packages, in hexadecimal, by path in the build. */
  sha256: v.record(v.string(), v.string()),
});

/** The contents of a build's `complete.json`. */
export type CompleteRecord = v.InferOutput<typeof completeSchema>;

/** A finished build in the cache: libtensorflow, and the addon and the JavaScript that connect tfjs with it. */
export interface NativeBuild {
  readonly folder: string;
  /** The path of the compiled addon. */
  readonly addon: string;
  /** Its TensorFlow release, e.g. `2.21.0`. */
  readonly tensorflow: string;
  readonly flavor: NativeFlavor;
  /** The SHA-256 of each file that is executed, except libtensorflow, in hexadecimal, by path in the build. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Finds the finished build of a target; returns `null` when there is none or one of its files is incomplete. */
export function findBuild(target: NativeTarget): NativeBuild | null {
  return readBuild(targetName(target));
}

/** Lists the finished builds for this kind of machine, with the latest set-up first. */
export function listBuilds(): NativeBuild[] {
  let names: string[];
  try {
    names = readdirSync(nativeFolder());
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(hostSuffix(hostSystem())))
    .map((name) => ({ build: readBuild(name), since: completedAt(name) }))
    .sort((a, b) => b.since - a.since)
    .flatMap(({ build }) => (build === null ? [] : [build]));
}

/** Marks a build as the latest set-up, so that it is loaded in preference to others. */
export function preferBuild(build: NativeBuild): void {
  try {
    utimesSync(join(build.folder, COMPLETE), new Date(), new Date());
  } catch {
    // A read-only cache keeps its order.
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
  const { tensorflow, flavor, files, sha256 } = parsed.output;
  const isComplete = Object.entries(files).every(
    ([path, size]) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === size,
  );
  if (!isComplete) return null;
  return { folder, addon: join(folder, ADDON), tensorflow, flavor, sha256 };
}

function completedAt(name: string): number {
  return statSync(join(nativeFolder(), name, COMPLETE), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
