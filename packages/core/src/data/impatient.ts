import type { TrainerState } from "../trainerState.js";
import type { BatchReader } from "./batchSource.js";

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
  return {
    get isLeft() {
      return isLeft;
    },
    async next() {
      const batch = Promise.resolve(reader.next());
      let leave: () => void = () => undefined;
      const end = new Promise<void>((resolve) => {
        leave = () => {
          isLeft ||= isOver();
          if (isLeft) resolve();
        };
      });
      signal.addEventListener("abort", leave);
      const stopped = state.whenStopped;
      state.whenStopped = leave;
      try {
        const first = await Promise.race([batch, end]);
        if (!isLeft) return first ?? undefined;
        batch.then(
          (late) => late?.release(),
          () => undefined,
        );
        return undefined;
      } finally {
        signal.removeEventListener("abort", leave);
        state.whenStopped = stopped;
      }
    },
    async close() {
      const closed = Promise.resolve(reader.close());
      // What is waiting for a batch can't be closed before it comes.
      if (isLeft) closed.catch(() => undefined);
      else await closed;
    },
  };
}
