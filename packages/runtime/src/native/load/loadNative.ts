import { availableParallelism } from "node:os";
import { FulmineError } from "@fulmine/core";
import { engine, findBackend } from "@tensorflow/tfjs-core";
import { toolchain } from "../build/toolchain.js";
import { listBuilds, type NativeBuild } from "../cache/nativeBuild.js";
import type { NativeFlavor } from "../cache/nativeTarget.js";
import { requireUnchanged } from "../cache/requireUnchanged.js";
import { noGpuReason } from "../host/hostSystem.js";
import { loadProcessAddon } from "./processAddon.js";
import { seedMultinomial } from "./seededMultinomial.js";
import { loadTfjsNode } from "./tfjsNode.js";

const BACKEND = "tensorflow";

/** What `@tensorflow/tfjs-node-gpu` exports; `undefined` until this module has loaded it. */
let tfjsNode: unknown;

/** Gets what `@tensorflow/tfjs-node-gpu` exports; `undefined` until {@link loadNative} has loaded it. */
export function loadedTfjsNode(): unknown {
  return tfjsNode;
}

/** Options of {@link loadNative}. */
export interface LoadNativeOptions {
  /**
   * The libtensorflow to load: `"gpu"` the one for GPUs, `"cpu"` the one for CPUs, `"best"` the one for GPUs if there is a
   * GPU, and otherwise any.
   *
   * @defaultValue `"best"`
   */
  readonly flavor?: NativeFlavor | "best";
  /**
   * The number of threads that one operation may use. It has an effect only at the first load in a process.
   * `TF_NUM_INTRAOP_THREADS` has priority.
   *
   * @defaultValue the number of cores
   */
  readonly threads?: number;
}

/** The loaded native backend. */
export interface NativeState {
  /** The TensorFlow release of the loaded library. */
  readonly tensorflow: string;
  /** Whether it computes on a GPU. */
  readonly isGpu: boolean;
  /** The number of threads that one operation may use. */
  readonly threads: number;
  /** The reason why it does not compute on a GPU; `null` when it does. */
  readonly noGpu: string | null;
}

/**
 * Loads the native backend into this process and registers it with tfjs as `tensorflow`. If the app has already registered
 * a backend with that name, that one is used.
 *
 * @throws FulmineError `UNAVAILABLE` when it is not installed, or when `flavor` is `"gpu"` and no GPU can be used;
 * `UNTRUSTED` when the addon has changed since it was compiled, or other users may write to the cache folder.
 */
export function loadNative(options: LoadNativeOptions = {}): NativeState {
  const { flavor = "best", threads } = options;
  if (flavor === "gpu") requireGpu();
  if (!(BACKEND in engine().registryFactory)) {
    const build = chooseBuild(flavor);
    requireUnchanged(build);
    if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
    // With one thread, no operations run in parallel.
    if (threads === 1) process.env["TF_NUM_INTEROP_THREADS"] ??= "1";
    try {
      loadProcessAddon(build);
      tfjsNode = loadTfjsNode(build);
    } catch (cause) {
      const line = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      throw new FulmineError("UNAVAILABLE", `libtensorflow could not be loaded: ${line ?? ""}`, { cause });
    }
  }
  seedMultinomial();
  const state = nativeState();
  if (flavor === "gpu" && !state.isGpu) {
    throw new FulmineError("UNAVAILABLE", "The loaded libtensorflow does not use the GPU.", {
      todo: "Check the driver with `nvidia-smi`. If this process has loaded the libtensorflow for CPUs, start another process.",
    });
  }
  return state;
}

/** Describes the native backend, which must be loaded. */
function nativeState(): NativeState {
  const backend: unknown = findBackend(BACKEND);
  const binding = property(backend, "binding");
  const version = property(binding, "TF_Version");
  const isGpu = property(backend, "isUsingGpuDevice") === true;
  const configured = Number(process.env["TF_NUM_INTRAOP_THREADS"]);
  return {
    tensorflow: typeof version === "string" ? version : "of unknown version",
    isGpu,
    threads: configured > 0 ? configured : availableParallelism(),
    noGpu: isGpu ? null : (noGpuReason() ?? "there is one; run `npx fulmine setup --gpu` to use it"),
  };
}

/** Selects the build to load. */
function chooseBuild(flavor: NativeFlavor | "best"): NativeBuild {
  const builds = listBuilds();
  const wanted = flavor === "best" && noGpuReason() === null ? "gpu" : flavor;
  const build = builds.find((each) => each.flavor === wanted) ?? (flavor === "gpu" ? undefined : builds[0]);
  if (build !== undefined) return build;
  // If a set-up is impossible too, its missing requirement is the better reason.
  toolchain();
  throw new FulmineError("UNAVAILABLE", "libtensorflow is not installed.", {
    todo: `Run \`npx fulmine setup${flavor === "gpu" ? " --gpu" : ""}\`.`,
  });
}

function requireGpu(): void {
  const reason = noGpuReason();
  if (reason === null) return;
  throw new FulmineError("UNAVAILABLE", `No GPU can be used: ${reason}.`, {
    todo: 'Use the accelerator "auto" or "native".',
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
