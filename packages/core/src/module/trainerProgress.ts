import type { Metrics, RunStatus } from "../loggers/logger.js";

/**
 * A progress event of a fit or of a learning-rate search, as plain data, for a front end that draws progress itself: a
 * notebook, a page, another process. Numbers are not rounded.
 *
 * `epoch` and `batch` are numbers of completed epochs and batches, so they start at 1.
 */
export type TrainerProgress =
  | {
      readonly type: "start";
      readonly task: "fit";
      /** Maximum number of epochs; `null` without a limit. */
      readonly epochs: number | null;
    }
  | {
      readonly type: "batch";
      readonly epoch: number;
      readonly batch: number;
      /** Number of batches per epoch; `null` if unknown. */
      readonly batches: number | null;
      readonly loss: number;
      /** The metrics that were logged with `progBar`. */
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
      /** Maximum number of training steps. */
      readonly total: number;
    }
  | {
      /** A step of a sweep. */
      readonly type: "rung";
      /** Number of completed steps. */
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of the step, or the validation loss if rungs are scored. */
      readonly loss: number;
      /** The smoothed loss. */
      readonly smoothed: number;
      /** The lowest smoothed loss so far. */
      readonly best: number;
    }
  | {
      /** Several steps at one learning rate. */
      readonly type: "trial";
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of the last step. */
      readonly loss: number;
    }
  | { readonly type: "end"; readonly task: "fit" | "findLr"; readonly status: RunStatus };
