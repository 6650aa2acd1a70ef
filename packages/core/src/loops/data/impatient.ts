import type { TrainerState } from "../../run/trainerState.js";
import type { BatchReader } from "../../data/sources/batchSource.js";

/** A reader that stops waiting for a batch when its run ends. */
export interface ImpatientReader<B> extends BatchReader<B> {
  /** Whether the run ended while `next` waited for a batch. */
  readonly isLeft: boolean;
}

/** The abort signal and the state that can end the wait. */
interface Ending {
  readonly signal: AbortSignal;
  readonly state: TrainerState;
}

/**
 * Makes a reader whose `next` resolves to `undefined` as soon as the run is over, because a batch may never arrive. A batch
 * that arrives later is released.
 *
 * @param isOver - Whether the run is over; called after an abort and after `trainer.stop()`.
 */
export function impatient<B>(
  reader: BatchReader<B>,
  { signal, state }: Ending,
  isOver: () => boolean,
): ImpatientReader<B> {
  let isLeft = false;
  /** Ends the wait for a batch; `null` while nothing waits. */
  let leave: (() => void) | null = null;
  const ask = (): void => {
    if (leave === null || !isOver()) return;
    isLeft = true;
    leave();
  };
  // One listener for all batches, because adding one per batch would take longer than reading it.
  signal.addEventListener("abort", ask);
  const outer = state.whenStopped;
  state.whenStopped = ask;
  return {
    get isLeft() {
      return isLeft;
    },
    next() {
      const batch = Promise.resolve(reader.next());
      const forget = (): void => {
        leave = null;
      };
      batch.then(forget, forget);
      return new Promise((resolve, reject) => {
        leave = () => {
          resolve(undefined);
        };
        batch.then((given) => {
          if (isLeft) given?.release();
          else resolve(given ?? undefined);
        }, reject);
      });
    },
    async close() {
      signal.removeEventListener("abort", ask);
      state.whenStopped = outer;
      const closed = Promise.resolve(reader.close());
      // A source that waits for a batch can't close before the batch arrives.
      if (isLeft) closed.catch(() => undefined);
      else await closed;
    },
  };
}
