import type { TaskSpec } from "./regretTask.js";

/** About how long a run of a task takes, as a number to sort by. */
export function taskCost({ layers, steps, batchSize }: TaskSpec): number {
  const perExample = layers.reduce((sum, { type }) => sum + (type === "conv2d" ? 1 : 0.01), 0);
  return steps * (layers.length + perExample * batchSize);
}
