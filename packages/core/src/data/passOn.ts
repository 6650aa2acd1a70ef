import type { BatchSource } from "./batchSource.js";

/** What a source that stands before another leaves to it: its isolation and, where it has one, its state. */
export function passOn<B>(
  source: BatchSource<B>,
): Pick<BatchSource<B>, "isolate" | "stateDict" | "loadStateDict"> {
  return {
    isolate: (seed) => source.isolate(seed),
    ...(source.stateDict === undefined ? {} : { stateDict: source.stateDict.bind(source) }),
    ...(source.loadStateDict === undefined ? {} : { loadStateDict: source.loadStateDict.bind(source) }),
  };
}
