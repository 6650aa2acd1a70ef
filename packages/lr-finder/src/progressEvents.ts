import type { ProgressEvents, RunStatus } from "@fulmine/core";

declare module "@fulmine/core" {
  interface ProgressEvents {
    /** A learning-rate search begins. */
    findLrStart: {
      readonly type: "start";
      readonly task: "findLr";
      /** Number of training steps that the search takes unless it ends early. */
      readonly total: number;
    };
    /** A step of a sweep is completed. */
    rung: {
      readonly type: "rung";
      /** Number of completed steps of the search. */
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of the step, or the validation loss if rungs are validated. */
      readonly loss: number;
      /** The running mean of the loss. */
      readonly smoothed: number;
      /** The lowest running mean so far. */
      readonly best: number;
    };
    /** A trial, several steps at one rate, is completed. */
    trial: {
      readonly type: "trial";
      /** Number of completed steps of the search. */
      readonly done: number;
      readonly total: number;
      readonly lr: number;
      /** The loss of the last step of the trial. */
      readonly loss: number;
    };
    /** A learning-rate search has ended. */
    findLrEnd: { readonly type: "end"; readonly task: "findLr"; readonly status: RunStatus };
  }
}

/** The progress events of a learning-rate search; the Trainer's `onProgress` receives them. */
export type FindLrProgress = ProgressEvents["findLrStart" | "rung" | "trial" | "findLrEnd"];
