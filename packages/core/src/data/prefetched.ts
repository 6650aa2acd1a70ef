import { atNextGap } from "../platform/breathe.js";
import type { BatchReader, ReadBatch } from "./batchSource.js";

/**
 * Reads a few batches ahead whenever the event loop is free, so that they are there when asked for.
 *
 * The order stays; an error comes at its batch; closing frees what was read ahead and not asked for.
 *
 * @param reader - Must allow `next` to be called again before its promise is settled.
 * @param count - The number of batches to have ready.
 */
export function prefetched<B>(reader: BatchReader<B>, count: number): BatchReader<B> {
  const ahead: Promise<ReadBatch<B> | undefined>[] = [];
  let isScheduled = false;
  let isOver = false;

  const start = (): Promise<ReadBatch<B> | undefined> => {
    const batch = reader.next();
    // Who asks for the batch hears of its failure; until then nobody listens.
    batch.then(
      (value) => (isOver ||= value === undefined),
      () => (isOver = true),
    );
    return batch;
  };

  const schedule = (): void => {
    if (isScheduled || isOver || ahead.length >= count) return;
    isScheduled = true;
    atNextGap(() => {
      isScheduled = false;
      if (isOver) return;
      // One batch for each gap, so that others get their turns.
      ahead.push(start());
      schedule();
    });
  };

  return {
    next: async () => {
      const batch = ahead.shift() ?? start();
      schedule();
      return batch;
    },
    close: async () => {
      isOver = true;
      // A batch may never come, so those under way are freed when they do.
      for (const batch of ahead.splice(0))
        batch.then(
          (late) => late?.release(),
          () => undefined,
        );
      await reader.close();
    },
  };
}
