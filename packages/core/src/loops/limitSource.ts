import type { BatchSource, LoaderState } from "../data/batchSource.js";
import { skipBatches } from "../data/skipBatches.js";
import { FulmineError } from "../fulmineError.js";
import { RandomState, type RandomSnapshot } from "../random/randomState.js";
import type { BatchLimit } from "../trainerOptions.js";

/**
 * The number of batches that a limit lets through.
 *
 * @param length - The number of batches of a pass, `null` when it is not known.
 * @param name - The option, for messages.
 * @throws {@link FulmineError} `INVALID_OPTION` for a fraction of an unknown length.
 */
export function countOf(limit: BatchLimit, length: number | null, name: string): number {
  if (limit >= 1 || limit === 0) return limit;
  if (length !== null) return Math.max(1, Math.floor(limit * length));
  throw new FulmineError(
    "INVALID_OPTION",
    `\`${name}\` can't be a fraction of data whose length is not known.`,
    {
      received: limit,
      todo: "Give a whole number of batches.",
    },
  );
}

/** Lets only the first batches of each pass through. */
export function limitSource<B>(source: BatchSource<B>, count: number): BatchSource<B> {
  if (source.length !== null && source.length <= count) return source;
  return {
    ...forward(source),
    length: source.length === null ? null : count,
    open(random, options) {
      const reader = source.open(random, options);
      let taken = options?.from ?? 0;
      return {
        next: () => (taken++ < count ? reader.next() : Promise.resolve(undefined)),
        close: () => reader.close(),
      };
    },
  };
}

/** Where a repeated source stands: the chance of its one pass, beside its source's own state. */
interface RepeatState extends LoaderState {
  readonly first: RandomSnapshot | null;
}

/** Gives the same batches in each pass: those of the first. */
export function repeatSource<B>(source: BatchSource<B>): BatchSource<B> {
  let first: RandomState | null = null;
  // Where the source stood before the passes that are open: that is where it stands again after them.
  let before: LoaderState | undefined;
  let open = 0;
  return {
    ...forward(source),
    stateDict(): RepeatState {
      const inner = before ?? source.stateDict?.() ?? { passes: 0, pass: null, next: null };
      return { ...inner, first: first?.snapshot() ?? null };
    },
    loadStateDict(state) {
      source.loadStateDict?.(state);
      const { first: snapshot = null } = state as Partial<RepeatState>;
      first = snapshot === null ? null : RandomState.fromSnapshot(snapshot);
    },
    length: source.length,
    open(random, { from = 0 } = {}) {
      first ??= random.fork();
      // A pass in isolation leaves the source where it was, so that the next gives the same again.
      if (open++ === 0) before = source.stateDict?.();
      const end = source.isolate();
      const reader = skipBatches(source.open(RandomState.fromSnapshot(first.snapshot())), from);
      return {
        next: () => reader.next(),
        async close() {
          await reader.close();
          end();
          if (--open === 0) before = undefined;
        },
      };
    },
  };
}

function forward<B>(source: BatchSource<B>): Pick<BatchSource<B>, "isolate" | "stateDict" | "loadStateDict"> {
  return {
    isolate: (seed) => source.isolate(seed),
    ...(source.stateDict === undefined ? {} : { stateDict: source.stateDict.bind(source) }),
    ...(source.loadStateDict === undefined ? {} : { loadStateDict: source.loadStateDict.bind(source) }),
  };
}
