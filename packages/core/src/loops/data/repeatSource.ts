import {
  delegateState,
  skipBatches,
  type BatchSource,
  type LoaderState,
} from "../../data/sources/batchSource.js";
import { RandomState, type RandomSnapshot } from "../../random/randomState.js";

/** The state of a repeated source: the random state of its one pass, and the inner source's state. */
interface RepeatState extends LoaderState {
  readonly first: RandomSnapshot | null;
}

/** A source that repeats the batches of its first pass. */
export function repeatSource<B>(source: BatchSource<B>): BatchSource<B> {
  let first: RandomState | null = null;
  // The source's state before the open passes; it is restored after them.
  let before: LoaderState | undefined;
  let open = 0;
  return {
    ...delegateState(source),
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
      // An isolated pass leaves the source unchanged, so that the next pass gives the same batches.
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
