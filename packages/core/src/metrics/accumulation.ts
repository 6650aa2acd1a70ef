import { keep, tidy, type Tensor } from "@tensorflow/tfjs-core";

/** One of a batch's measures, as it was read. */
export type Measure = Float32Array | readonly number[];

/** What a metric is: what it takes of a batch, how that adds up, and what it comes to. */
export interface MetricRule<Sums> {
  /** The sums before the first batch. */
  readonly empty: Sums;
  /** What is to be known of a batch, as a few tensors; runs in a tidy. */
  measure(predictions: Tensor, targets: Tensor): readonly Tensor[];
  /** Adds a batch's measures, as they were read; must not change the sums given. */
  add(sums: Sums, ...measures: readonly Measure[]): Sums;
  /** The value that the sums come to. */
  result(sums: Sums): number;
}

/**
 * A rule's sums over the batches so far, in float64.
 *
 * Measures are read once the step that made them is over: reading within it would stall the device.
 */
export class Accumulation<Sums> {
  readonly #rule: MetricRule<Sums>;
  #sums: Sums;
  #unread: (readonly Tensor[])[] = [];
  #reading: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #isDiscarded = false;

  constructor(rule: MetricRule<Sums>) {
    this.#rule = rule;
    this.#sums = rule.empty;
  }

  /** Measures a batch. */
  add(predictions: Tensor, targets: Tensor): void {
    const measures: Tensor[] = [];
    tidy(() => {
      for (const measure of this.#rule.measure(predictions, targets)) measures.push(keep(measure.clone()));
    });
    this.#unread.push(measures);
    this.#reading = this.#reading.then(() => this.#readNext());
  }

  /**
   * The sums over all that was added.
   *
   * @throws Whatever the rule threw at one of the batches.
   */
  async sums(): Promise<Sums> {
    await this.#reading;
    if (this.#failure !== null) throw this.#failure.error;
    return this.#sums;
  }

  /** Frees what was not read yet; nothing may be added any more. */
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
      // It is for who asks for the value; what is added later must be freed all the same.
      this.#failure ??= { error };
    } finally {
      for (const measure of measures) measure.dispose();
    }
  }
}
