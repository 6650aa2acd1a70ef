import type { BatchReader } from "./batchSource.js";

/** A reader that reads and frees `count` batches before the first one that it gives. */
export function skipBatches<B>(reader: BatchReader<B>, count: number): BatchReader<B> {
  let left = count;
  return {
    next: async () => {
      for (; left > 0; left--) {
        const batch = await reader.next();
        if (batch === undefined) return undefined;
        batch.release();
      }
      return reader.next();
    },
    close: () => reader.close(),
  };
}
