import {
  delegateState,
  skipBatches,
  type BatchSource,
  type LoaderState,
} from "../../data/sources/batchSource.js";
import { RandomState, type RandomSnapshot } from "../../random/randomState.js";

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
