import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { engine, findBackend } from "@tensorflow/tfjs-core";
import { noGpuReason } from "./gpuDevice.js";
import { hostSystem } from "./hostSystem.js";
import { listBuilds, type NativeBuild } from "./nativeBuild.js";
import { nativePackage, type NativePackage } from "./nativePackage.js";
import type { NativeFlavor } from "./nativeTarget.js";
import { nodeUtilShim } from "./nodeUtilShim.js";
import { loadQuietly } from "./quietAddon.js";
import { requireNative } from "./requireNative.js";
import { requireUntouched } from "./requireUntouched.js";
import { seedMultinomial } from "./seededMultinomial.js";
import { toolchain } from "./toolchain.js";

const BACKEND = "tensorflow";

/** How {@link loadNative} loads. */
export interface LoadNativeOptions {
  /**
   * Which libtensorflow to load: `"gpu"` and `"cpu"` take the one for GPUs or for CPUs; `"best"` takes the one for GPUs
   * where there is a GPU, and otherwise any.
   *
   * @defaultValue `"best"`
   */
  readonly flavor?: NativeFlavor | "best";
  /**
   * How many threads one operation may use. Takes effect at the first load in a process, and gives way to
   * `TF_NUM_INTRAOP_THREADS`.
   *
   * @defaultValue as many as there are cores
   */
  readonly threads?: number;
}

/** What has been loaded. */
export interface NativeState {
  /** The release of TensorFlow that the loaded library names. */
  readonly tensorflow: string;
  /** Whether it computes on a GPU. */
  readonly isGpu: boolean;
  /** Threads that one operation may use. */
  readonly threads: number;
  /** Why it does not compute on a GPU; `null` when it does. */
  readonly noGpu: string | null;
}

/**
 * Loads the native backend into this process and registers it with tfjs as `tensorflow`. A backend that the app has
 * already loaded under that name is taken as it is.
 *
 * @throws FulmineError `UNAVAILABLE` when it is not installed, or no GPU can be used where one was asked for; `UNTRUSTED` when
 * the addon is not the one that was compiled, or others may write to the cache folder.
 */
export function loadNative(options: LoadNativeOptions = {}): NativeState {
  const { flavor = "best", threads } = options;
  if (flavor === "gpu") requireGpu();
  if (!(BACKEND in engine().registryFactory)) {
    const source = nativePackage();
    const build = chooseBuild(source, flavor);
    if (build !== null) requireUntouched(build);
    nodeUtilShim();
    process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
    if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
    // With one thread there is nothing to hand operations over to.
    if (threads === 1) process.env["TF_NUM_INTEROP_THREADS"] ??= "1";
    try {
      if (build === null) {
        source.require(source.folder);
      } else {
        loadQuietly(build.folder);
        requireNative(source, build.addon);
      }
    } catch (cause) {
      const line = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      throw new FulmineError("UNAVAILABLE", `libtensorflow could not be loaded: ${line ?? ""}`, { cause });
    }
  }
  seedMultinomial();
  const state = nativeState();
  if (flavor === "gpu" && !state.isGpu) {
    throw new FulmineError("UNAVAILABLE", "The loaded libtensorflow does not use the GPU.", {
      todo: "Look at `nvidia-smi` for the driver; if the CPU's was loaded first in this process, start anew.",
    });
  }
  return state;
}

/** Says what the loaded native backend is; to be called only once it is loaded. */
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

/** Picks the build to load; `null` when the package's own addon is to be used. */
function chooseBuild(source: NativePackage, flavor: NativeFlavor | "best"): NativeBuild | null {
  const builds = listBuilds(source.version, hostSystem().arch);
  const wanted = flavor === "best" && noGpuReason() === null ? "gpu" : flavor;
  const build = builds.find((each) => each.flavor === wanted) ?? (flavor === "gpu" ? undefined : builds[0]);
  if (build !== undefined) return build;
  if (existsSync(join(source.folder, "lib", "napi-v8", "tfjs_binding.node"))) return null;
  // Where it could not be set up either, what is missing for that is the better reason.
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
