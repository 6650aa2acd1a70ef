/** The best checkpoint of a fit, by the metric that a `ModelCheckpoint` monitors. */
export interface BestCheckpoint {
  /** The path of its file. */
  readonly path: string;
  /** The value of the metric. */
  readonly score: number;
  /** The name of the metric, e.g. `"val_loss"`. */
  readonly monitor: string;
  /** The epoch, counted from 0, in which it was saved; `null` if the resumed checkpoint of an earlier version does not tell. */
  readonly epoch: number | null;
}
