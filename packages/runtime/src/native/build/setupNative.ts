import { FulmineError } from "@fulmine/core";
import { endBySignal, onEndSignal, type EndSignal } from "@fulmine/core/node";
import { tryLock, waitForLock } from "../cache/cacheLock.js";
import { checkCache } from "../cache/checkCache.js";
import { clearLeftovers } from "../cache/clearLeftovers.js";
import { findBuild, preferBuild, type NativeBuild } from "../cache/nativeBuild.js";
import { DEFAULT_TENSORFLOW, nativeTarget, targetName } from "../cache/nativeTarget.js";
import { firstChanged } from "../cache/requireUnchanged.js";
import { pinnedReleases, pinnedWheels } from "./pinnedWheels.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import { stageBuild } from "./stageBuild.js";
import { checkPip, toolchain } from "./toolchain.js";

/** Options of {@link setupNative}. */
export interface SetupOptions {
  /**
   * The TensorFlow release.
   *
   * @defaultValue `"2.21.0"`
   */
  readonly tensorflow?: string;
  /**
   * Whether to install the libtensorflow for NVIDIA GPUs, with its CUDA libraries (a download of about 3 GB).
   *
   * @defaultValue `false`
   */
  readonly gpu?: boolean;
  /**
   * Whether to install a release whose wheels have no pinned hashes in this version of Fulmine. Such wheels are not
   * verified.
   *
   * @defaultValue `false`
   */
  readonly allowUnverified?: boolean;
  /** Called at the start of each phase and during it. */
  readonly onProgress?: OnSetupProgress;
  /** Aborts the set-up. The next set-up continues after the last finished step. */
  readonly signal?: AbortSignal;
}

/** The result of {@link setupNative}. */
export interface SetupResult {
  readonly build: NativeBuild;
  /** Whether this call made the build; `false` when it existed already. */
  readonly isFresh: boolean;
  /** The duration of the call, in seconds. */
  readonly seconds: number;
}

/**
 * Installs the native backend for this user: downloads libtensorflow with pip and `@tensorflow/tfjs-node-gpu` with npm,
 * compiles the addon of the latter against the former, and stores both in the cache folder, which all projects share. No
 * install script runs.
 *
 * Any number of processes may call it at the same time. It uses an existing build and continues an interrupted one. Other
 * processes see only complete builds.
 *
 * @throws FulmineError `UNAVAILABLE` when this machine lacks a requirement (Linux or macOS, Python, pip, npm, a
 * compiler); `SETUP_FAILED` when a step fails (cache folder, disk, downloads, compiler); `UNTRUSTED` when a download has
 * another hash than the pinned one, the release has no pinned hashes, or other users may write to the cache folder;
 * `INVALID_OPTION` when `tensorflow` is not a full version; `ABORTED` when `signal` is aborted.
 *
 * @example
 * ```ts
 * const { build } = await setupNative({ onProgress: ({ text }) => console.log(text) });
 * ```
 */
export async function setupNative(options: SetupOptions = {}): Promise<SetupResult> {
  const start = performance.now();
  const { tensorflow = DEFAULT_TENSORFLOW, gpu = false, allowUnverified = false, onProgress } = options;
  const target = nativeTarget(tensorflow, gpu ? "gpu" : "cpu");
  const done = (build: NativeBuild, isFresh: boolean): SetupResult => {
    preferBuild(build);
    return { build, isFresh, seconds: (performance.now() - start) / 1000 };
  };
  const present = findBuild(target);
  // A build whose files have changed is made again.
  if (present !== null && firstChanged(present) === null) return done(present, false);

  const tools = toolchain();
  if (gpu && (target.platform !== "linux" || target.arch !== "x64")) {
    throw new FulmineError("UNAVAILABLE", "TensorFlow has CUDA wheels for Linux on x64 only.", {
      todo: "Run `npx fulmine setup` without `--gpu`.",
    });
  }
  if (pinnedWheels(target) === null && !allowUnverified) {
    throw new FulmineError(
      "UNTRUSTED",
      `This version of Fulmine has no hashes of the wheels of TensorFlow ${tensorflow}.`,
      {
        todo:
          `Select one of ${pinnedReleases().join(", ")}, or trust the package index: ` +
          `\`npx fulmine setup --tensorflow ${tensorflow} --allow-unverified\`.`,
      },
    );
  }
  return withEndSignals(options.signal, async (signal) => {
    await runPhase(onProgress, "check", "Checking the requirements", async () => {
      checkCache(target.flavor);
      await checkPip(tools.python, signal);
    });
    const name = targetName(target);
    const lock =
      tryLock(name) ??
      (await runPhase(onProgress, "wait", "Waiting for another set-up of the same build", () =>
        waitForLock(name, signal),
      ));
    try {
      // The former owner of the lock may have made this build.
      const built = findBuild(target);
      if (built !== null && firstChanged(built) === null) return done(built, false);
      clearLeftovers(name);
      await stageBuild({ target, tools, signal, onProgress });
    } finally {
      lock.release();
    }
    const build = findBuild(target);
    if (build === null) {
      throw new FulmineError("SETUP_FAILED", "The finished build is incomplete.", {
        todo: "Run `npx fulmine setup` again.",
      });
    }
    return done(build, true);
  });
}

/**
 * Runs a function with a signal that `outer`, Ctrl-C or a termination signal aborts, so that the function can clean up.
 * A process without its own handler for a termination signal ends by it afterwards.
 */
async function withEndSignals<T>(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const caught: EndSignal[] = [];
  const stopListening = onEndSignal((name) => {
    caught.push(name);
    controller.abort(name);
  });
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener("abort", abort);
  if (outer?.aborted === true) abort();
  try {
    return await run(controller.signal);
  } finally {
    outer?.removeEventListener("abort", abort);
    stopListening();
    for (const name of caught) endBySignal(name);
  }
}
