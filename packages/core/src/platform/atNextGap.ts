/** Calls a function when timers, I/O and rendering have had their turn: sooner than a timer would. */
export function atNextGap(run: () => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    channel.port1.close();
    run();
  };
  channel.port2.postMessage(null);
}
