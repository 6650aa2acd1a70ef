import { atNextGap } from "../../platform/breathe.js";
import type { BatchReader, ReadBatch } from "../sources/batchSource.js";

/**
 * Wraps a reader so that it prefetches batches while the event loop is idle.
 *
 * The order of batches is unchanged, and an error surfaces at its batch. Closing the reader releases the batches that were
 * prefetched but not read.
 *
 * @param reader - Its `next` may be called again before the previous promise is settled.
 * @param count - Number of batches to prefetch.
 */
export function prefetchBatches<B>(reader: BatchReader<B>, count: number): BatchReader<B> {
  const prefetched: Promise<ReadBatch<B> | undefined>[] = [];
  let isScheduled = false;
  let isOver = false;

  const start = (): Promise<ReadBatch<B> | undefined> => {
    const batch = reader.next();
    // `next` passes the rejection on; until then it must not count as unhandled.
    batch.then(
      (value) => (isOver ||= value === undefined),
      () => (isOver = true),
    );
    return batch;
  };

  const schedule = (): void => {
    if (isScheduled || isOver || prefetched.length >= count) return;
    isScheduled = true;
    atNextGap(() => {
      isScheduled = false;
      if (isOver) return;
      // One batch per gap, so that other tasks run in between.
      prefetched.push(start());
      schedule();
    });
  };

  return {
    next: async () => {
      const batch = prefetched.shift() ?? start();
      schedule();
      return batch;
    },
    close: async () => {
      isOver = true;
      // A pending batch may never settle, so closing does not wait for it.
      for (const batch of prefetched.splice(0))
        batch.then(
          (late) => late?.release(),
          () => undefined,
        );
      await reader.close();
    },
  };
}
