import type { TrainerState } from "../../run/trainerState.js";
import type { BatchReader } from "../../data/sources/batchSource.js";

/** A reader that does not wait for a batch beyond the end of its run. */
export interface ImpatientReader<B> extends BatchReader<B> {
  /** Whether the run ended while a batch was waited for, so that `next` gave none. */
  readonly isLeft: boolean;
}

/** What ends the wait: an abort signal, or a wish to stop. */
interface Ending {
  readonly signal: AbortSignal;
  readonly state: TrainerState;
}

/**
 * A reader whose `next` gives nothing as soon as the run is over, for a batch may never come. One that comes late is freed.
 *
 * @param isOver - Whether the run is to end now; asked when it was aborted or asked to stop.
 */
export function impatient<B>(
  reader: BatchReader<B>,
  { signal, state }: Ending,
  isOver: () => boolean,
): ImpatientReader<B> {
  let isLeft = false;
  /** Ends the wait for a batch; `null` while nobody waits. */
  let leave: (() => void) | null = null;
  const ask = (): void => {
    if (leave === null || !isOver()) return;
    isLeft = true;
    leave();
  };
  // Once for all batches, because listening anew for each would take longer than reading it.
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
      // What is waiting for a batch can't be closed before it comes.
      if (isLeft) closed.catch(() => undefined);
      else await closed;
    },
  };
}
