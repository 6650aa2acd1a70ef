/**
 * Hears the first Ctrl-C as a wish to stop; the second ends the program as usual.
 *
 * @returns A function that ends the listening.
 */
export function onInterrupt(stop: () => void): () => void {
  const listener = (): void => {
    // Once is enough: without a listener the next Ctrl-C ends the program at once.
    process.off("SIGINT", listener);
    process.stderr.write("\nStopping after this step; press Ctrl-C again to quit at once.\n");
    stop();
  };
  process.on("SIGINT", listener);
  return () => {
    process.off("SIGINT", listener);
  };
}
