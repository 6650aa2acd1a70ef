import { FulmineError } from "@fulmine/core";
import { tryLock, waitForLock } from "./cacheLock.js";
import { checkCache } from "./checkCache.js";
import { checkPip } from "./checkPip.js";
import { clearLeftovers } from "./clearLeftovers.js";
import { interruptible } from "./interruptible.js";
import { findBuild, preferBuild, type NativeBuild } from "./nativeBuild.js";
import { nativePackage } from "./nativePackage.js";
import { DEFAULT_TENSORFLOW, nativeTarget, targetName } from "./nativeTarget.js";
import { pinnedReleases, pinnedWheels } from "./pinnedWheels.js";
import { firstChanged } from "./requireUntouched.js";
import { runPhase, type OnSetupProgress } from "./setupProgress.js";
import { stageBuild } from "./stageBuild.js";
import { toolchain } from "./toolchain.js";

/** What {@link setupNative} is to install. */
export interface SetupOptions {
  /**
   * The release of TensorFlow.
   *
   * @defaultValue `"2.21.0"`
   */
  readonly tensorflow?: string;
  /**
   * Whether to install the libtensorflow that runs on NVIDIA GPUs, with the CUDA libraries it needs (about 3 GB to
   * download).
   *
   * @defaultValue `false`
   */
  readonly gpu?: boolean;
  /**
   * Whether a release may be installed whose wheels this version of Fulmine has no hashes of; what the package index gives is
   * then taken as it is.
   *
   * @defaultValue `false`
   */
  readonly allowUnverified?: boolean;
  /** Told of each step and its progress. */
  readonly onProgress?: OnSetupProgress;
  /** Stops the set-up; run again, it goes on from the last finished step. */
  readonly signal?: AbortSignal;
}

/** What {@link setupNative} did. */
export interface SetupResult {
  readonly build: NativeBuild;
  /** Whether it was built by this call; `false` when it was there already. */
  readonly isFresh: boolean;
  /** How long the call took, in seconds. */
  readonly seconds: number;
}

/**
 * Installs the native backend for this user: downloads libtensorflow with Python's pip, compiles the addon of
 * `@tensorflow/tfjs-node-gpu` against it, and keeps both in the cache folder, which all projects share.
 *
 * Safe to call at any time and from several processes at once: what is there is used, what was interrupted is gone
 * on with, and nothing is visible before it is whole.
 *
 * @throws FulmineError `UNAVAILABLE` when this machine lacks something (Linux, the npm package, Python, pip, a
 * compiler); `SETUP_FAILED` when a step failed (cache folder, disk, package index, compiler); `UNTRUSTED` when a wheel is not
 * the one that is known, none is known of the release, or others may write to the cache folder; `INVALID_OPTION`; `ABORTED`.
 *
 * @example
 * ```ts
 * const { build } = await setupNative({ onProgress: ({ text }) => console.log(text) });
 * ```
 */
export async function setupNative(options: SetupOptions = {}): Promise<SetupResult> {
  const start = performance.now();
  const { tensorflow = DEFAULT_TENSORFLOW, gpu = false, allowUnverified = false, onProgress } = options;
  const source = nativePackage();
  const target = nativeTarget(tensorflow, gpu ? "gpu" : "cpu", source.version);
  const done = (build: NativeBuild, isFresh: boolean): SetupResult => {
    preferBuild(build);
    return { build, isFresh, seconds: (performance.now() - start) / 1000 };
  };
  const present = findBuild(target);
  // One that was changed since is built anew.
  if (present !== null && firstChanged(present) === null) return done(present, false);

  const tools = toolchain();
  if (gpu && target.arch !== "x64") {
    throw new FulmineError("UNAVAILABLE", "TensorFlow has CUDA wheels for x64 only.", {
      todo: "Run `npx fulmine setup` without `--gpu`.",
    });
  }
  if (pinnedWheels(target) === null && !allowUnverified) {
    throw new FulmineError(
      "UNTRUSTED",
      `This version of Fulmine has no hashes of TensorFlow ${tensorflow}.`,
      {
        todo:
          `Choose one of ${pinnedReleases().join(", ")}, or trust the package index: ` +
          `\`npx fulmine setup --tensorflow ${tensorflow} --allow-unverified\`.`,
      },
    );
  }
  return interruptible(options.signal, async (signal) => {
    await runPhase(onProgress, "check", "Looking for what is needed", async () => {
      checkCache(target.flavor);
      await checkPip(tools.python, signal);
    });
    const name = targetName(target);
    const lock =
      tryLock(name) ??
      (await runPhase(onProgress, "wait", "Waiting for another set-up of the same", () =>
        waitForLock(name, signal),
      ));
    try {
      // Whoever held the lock may have built the very thing.
      const built = findBuild(target);
      if (built !== null && firstChanged(built) === null) return done(built, false);
      clearLeftovers(name);
      await stageBuild({ target, source, tools, signal, onProgress });
    } finally {
      lock.release();
    }
    const build = findBuild(target);
    if (build === null) {
      throw new FulmineError("SETUP_FAILED", "The finished build is not whole.", {
        todo: "Run `npx fulmine setup` again.",
      });
    }
    return done(build, true);
  });
}
