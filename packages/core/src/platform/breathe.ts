/** How long a loop may hold the event loop, in milliseconds. */
const LONGEST_HOLD = 20;

/**
 * Makes a function that gives timers, I/O and rendering a turn when it has been too long since the last one.
 *
 * Awaiting a tensor's data lets only microtasks run, so without it a long training would freeze a page or a server.
 */
export function makeBreathe(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST_HOLD) return;
    await new Promise<void>(atNextGap);
    last = performance.now();
  };
}

/** Calls a function when timers, I/O and rendering have had their turn: sooner than a timer would. */
export function atNextGap(run: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    run();
  };
  channel.port2.postMessage(null);
}
