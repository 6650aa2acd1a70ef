import type { Platform } from "@fulmine/core/plugin";
import { nodeFiles, onEndSignal } from "@fulmine/core/node";
import type { SetupProgress } from "@fulmine/runtime/node";
import { standardOutput } from "./node/standardOutput.js";
import { terminalDisplay, type TextStream } from "./node/terminalDisplay.js";
import { withSetupProgress } from "./node/withSetupProgress.js";

/** Makes the platform of a Node process: it draws progress on a stream, writes files and stops at Ctrl-C. */
export function nodePlatform(stream: NodeJS.WriteStream | TextStream): Platform {
  return { display: terminalDisplay(stream), files: nodeFiles, onInterrupt };
}

const output = standardOutput();

/** Node's platform: draws on standard output. */
export const platform: Platform = nodePlatform(output);

/** Runs an installation and shows its progress on standard output. */
export function showSetup<T>(
  install: (onProgress: (progress: SetupProgress) => void) => Promise<T>,
): Promise<T> {
  return withSetupProgress(output, install);
}

/**
 * Calls `stop` at the first Ctrl-C, SIGTERM or SIGHUP; the second signal ends the program at once.
 *
 * @returns A function that removes the listener.
 */
function onInterrupt(stop: () => void): () => void {
  return onEndSignal((signal) => {
    const again = signal === "SIGINT" ? "press Ctrl-C again" : "send the signal again";
    process.stderr.write(`\nStopping after this step; ${again} to quit at once.\n`);
    stop();
  });
}
