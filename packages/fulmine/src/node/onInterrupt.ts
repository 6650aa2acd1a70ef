import { onEndSignal } from "@fulmine/core/node";

/**
 * Hears the first Ctrl-C, SIGTERM or SIGHUP as a wish to stop; the second ends the program at once.
 *
 * @returns A function that ends the listening.
 */
export function onInterrupt(stop: () => void): () => void {
  return onEndSignal((signal) => {
    const again = signal === "SIGINT" ? "press Ctrl-C again" : "send the signal again";
    process.stderr.write(`\nStopping after this step; ${again} to quit at once.\n`);
    stop();
  });
}
