import type * as tf from "@tensorflow/tfjs";
import type { BatchReader } from "@fulmine/core/plugin";
import { tensorsOf } from "../../src/tensors/batch.js";

/** Reads up to `limit` batches, and returns all numbers of the first tensor of each. */
export async function readBatches(reader: BatchReader<unknown>, limit = Infinity): Promise<number[][]> {
  const seen: number[][] = [];
  while (seen.length < limit) {
    const batch = await reader.next();
    if (batch === undefined) break;
    seen.push([...(tensorsOf(batch.value)[0] as tf.Tensor).dataSync()]);
    batch.release();
  }
  return seen;
}

/** Reads up to `limit` batches, and returns the first number of each. */
export async function readFirstNumbers(reader: BatchReader<unknown>, limit = Infinity): Promise<number[]> {
  return (await readBatches(reader, limit)).map(([first]) => first ?? NaN);
}
