import type { Metrics, RunStatus } from "../loggers/logger.js";

/**
 * The progress events, each under a name of its own. All values are exact. Epochs and batches count from 1.
 *
 * A plug-in adds its own events by declaration merging:
 *
 * ```ts
 * declare module "@fulmine/core" {
 *   interface ProgressEvents {
 *     tuneStart: { readonly type: "start"; readonly task: "tune"; readonly total: number };
 *   }
 * }
 * ```
 */
export interface ProgressEvents {
  /** A fit begins. */
  fitStart: {
    readonly type: "start";
    readonly task: "fit";
    /** Number of epochs after which the fit ends; `null` without a limit. */
    readonly epochs: number | null;
  };
  /** A training batch is completed. */
  batch: {
    readonly type: "batch";
    readonly epoch: number;
    readonly batch: number;
    /** Number of batches per epoch; `null` if unknown. */
    readonly batches: number | null;
    readonly loss: number;
    /** The metrics that were logged with `progBar`. */
    readonly metrics: Metrics;
  };
  /** An epoch is completed, with its validation. */
  epoch: {
    readonly type: "epoch";
    readonly epoch: number;
    readonly epochs: number | null;
    /** The latest value of every metric. */
    readonly metrics: Metrics;
  };
  /** A fit has ended. */
  fitEnd: { readonly type: "end"; readonly task: "fit"; readonly status: RunStatus };
}

/**
 * A progress event of a fit or of a plug-in, as plain data, for front ends that show progress themselves: a notebook, a
 * page, another process.
 */
export type TrainerProgress = ProgressEvents[keyof ProgressEvents];
