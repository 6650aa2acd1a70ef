/** The longest time that a loop may block the event loop, in milliseconds. */
const LONGEST_HOLD = 20;

/**
 * Makes a function that yields to timers, I/O and rendering if the last yield was more than 20 ms ago.
 *
 * Awaiting a tensor's data runs only microtasks, so a long training would otherwise freeze a page or a server.
 */
export function makeBreathe(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < LONGEST_HOLD) return;
    await new Promise<void>(atNextGap);
    last = performance.now();
  };
}

/** Calls a function after pending timers, I/O and rendering; sooner than `setTimeout` would. */
export function atNextGap(run: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    run();
  };
  channel.port2.postMessage(null);
}
