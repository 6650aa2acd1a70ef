import type { BatchSource } from "./batchSource.js";

/** What a source that stands before another leaves to it: its isolation and, where it has them, its chance and its state. */
export function passOn<B>(
  source: BatchSource<B>,
): Pick<BatchSource<B>, "isolate" | "renew" | "stateDict" | "loadStateDict"> {
  return {
    isolate: (seed) => source.isolate(seed),
    ...(source.renew === undefined ? {} : { renew: source.renew.bind(source) }),
    ...(source.stateDict === undefined ? {} : { stateDict: source.stateDict.bind(source) }),
    ...(source.loadStateDict === undefined ? {} : { loadStateDict: source.loadStateDict.bind(source) }),
  };
}
