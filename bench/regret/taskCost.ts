import type { TaskSpec } from "./regretTask.js";

/** A rough estimate of a task's run time, to sort by. */
export function taskCost({ layers, steps, batchSize }: TaskSpec): number {
  const perExample = layers.reduce((sum, { type }) => sum + (type === "conv2d" ? 1 : 0.01), 0);
  return steps * (layers.length + perExample * batchSize);
}
