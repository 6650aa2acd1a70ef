import { keep, tidy, type Tensor } from "@tensorflow/tfjs-core";

/** The values of one of a batch's measures. */
export type Measure = Float32Array | readonly number[];

/**
 * Defines a metric: what it measures in a batch, how measures add up, and the value of the sums.
 *
 * @typeParam Sums - What is accumulated over the batches.
 * @typeParam Value - The type of the metric's value.
 */
export interface MetricRule<Sums, Value = number> {
  /** The sums before the first batch. */
  readonly empty: Sums;
  /** Whether `measure` reads the weights. @defaultValue false: weights are an error */
  readonly takesWeights?: boolean;
  /**
   * Measures a batch, as a few tensors. It runs in a tidy.
   *
   * @param weights - The weights of the examples; `null` if all count the same.
   */
  measure(predictions: Tensor, targets: Tensor, weights: Tensor | null): readonly Tensor[];
  /** Returns the sums with a batch's measures added; it must not modify the given sums. */
  add(sums: Sums, ...measures: readonly Measure[]): Sums;
  /** Computes the metric's value from the sums. */
  result(sums: Sums): Value;
}

/**
 * A rule's sums over the batches so far, in float64.
 *
 * Measures are read back asynchronously, after the step that made them, because reading them in the step would stall the
 * device.
 */
export class Accumulation<Sums> {
  readonly #rule: MetricRule<Sums, unknown>;
  #sums: Sums;
  #unread: (readonly Tensor[])[] = [];
  #reading: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #isDiscarded = false;

  constructor(rule: MetricRule<Sums, unknown>) {
    this.#rule = rule;
    this.#sums = rule.empty;
  }

  /** Adds a batch. */
  add(predictions: Tensor, targets: Tensor, weights: Tensor | null): void {
    const measures: Tensor[] = [];
    tidy(() => {
      for (const measure of this.#rule.measure(predictions, targets, weights))
        measures.push(keep(measure.clone()));
    });
    this.#unread.push(measures);
    this.#reading = this.#reading.then(() => this.#readNext());
  }

  /**
   * Resolves to the sums over all batches.
   *
   * @throws The first error that the rule threw for a batch.
   */
  async sums(): Promise<Sums> {
    await this.#reading;
    if (this.#failure !== null) throw this.#failure.error;
    return this.#sums;
  }

  /** Disposes the measures that were not read yet. Nothing may be added afterwards. */
  discard(): void {
    this.#isDiscarded = true;
    for (const measures of this.#unread.splice(0)) for (const measure of measures) measure.dispose();
  }

  async #readNext(): Promise<void> {
    const measures = this.#unread.shift();
    if (measures === undefined) return;
    try {
      const values = await Promise.all(
        measures.map(async (measure) => Float32Array.from(await measure.data())),
      );
      if (!this.#isDiscarded) this.#sums = this.#rule.add(this.#sums, ...values);
    } catch (error) {
      // `sums` throws it; until then, later measures must still be read and disposed.
      this.#failure ??= { error };
    } finally {
      for (const measure of measures) measure.dispose();
    }
  }
}
