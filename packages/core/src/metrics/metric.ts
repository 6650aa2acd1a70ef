import type { Tensor } from "@tensorflow/tfjs-core";

/** A number that is gathered batch by batch, such that a short last batch counts for what it holds. */
export interface Metric {
  /**
   * Takes in a batch; may be called within a step, for it reads nothing back and keeps none of the tensors given.
   *
   * @param predictions - What the model gave, a row per example.
   * @param targets - What it should have given.
   */
  update(predictions: Tensor, targets: Tensor): void;
  /** The value over all batches since the last `reset`; NaN where it is not defined. */
  compute(): Promise<number>;
  /** Forgets all batches. */
  reset(): void;
}
