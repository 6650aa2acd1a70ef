import type { Metrics, RunStatus } from "../loggers/logger.js";

/**
 * A moment of a fit or of a learning-rate search, as plain data, for a front end that draws progress itself: a notebook, a
 * page, another process. All numbers are exact.
 *
 * Epochs and batches are counted from 1, and are the number of those that are done.
 */
export type TrainerProgress =
  | {
      readonly type: "start";
      readonly task: "fit";
      /** The number of epochs after which it ends, `null` when there is no such number. */
      readonly epochs: number | null;
    }
  | {
      readonly type: "batch";
      readonly epoch: number;
      readonly batch: number;
      /** The number of batches of an epoch, `null` when it is not known. */
      readonly batches: number | null;
      readonly loss: number;
      /** What was logged with `progBar`. */
      readonly metrics: Metrics;
    }
  | {
      readonly type: "epoch";
      readonly epoch: number;
      readonly epochs: number | null;
      /** The latest value of every metric. */
      readonly metrics: Metrics;
    }
  | {
      readonly type: "start";
      readonly task: "findLr";
      /** The number of training steps that it takes, if nothing ends it before. */
      readonly total: number;
    }
  | {
      /** A step of a sweep. */
      readonly type: "rung";
      /** How many of all steps are done. */
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of that step, or the held-out one where rungs are scored. */
      readonly loss: number;
      /** The running mean of the loss. */
      readonly smoothed: number;
      /** The lowest running mean so far. */
      readonly best: number;
    }
  | {
      /** Some steps at one rate. */
      readonly type: "trial";
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of the last of these steps. */
      readonly loss: number;
    }
  | { readonly type: "end"; readonly task: "fit" | "findLr"; readonly status: RunStatus };
