/** What came of one batch. */
export interface TrainStepResult {
  /** The batch's loss before the step; NaN when a step that optimizes by hand returned none. */
  readonly loss: number;
  /** The number of optimizer steps taken, usually one per `accumulateGradBatches` batches. */
  readonly steps: number;
}
