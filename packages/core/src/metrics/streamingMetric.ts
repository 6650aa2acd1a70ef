import type { Tensor } from "@tensorflow/tfjs-core";
import { Accumulation, type MetricRule } from "./accumulation.js";
import type { Metric } from "./metric.js";

/** A {@link Metric} by a rule; made by `accuracy`, `f1`, `auroc` and their like. */
export class StreamingMetric<Sums = unknown> implements Metric {
  readonly #rule: MetricRule<Sums>;
  #accumulation: Accumulation<Sums>;

  constructor(rule: MetricRule<Sums>) {
    this.#rule = rule;
    this.#accumulation = new Accumulation(rule);
  }

  update(predictions: Tensor, targets: Tensor): void {
    this.#accumulation.add(predictions, targets);
  }

  async compute(): Promise<number> {
    return this.#rule.result(await this.#accumulation.sums());
  }

  reset(): void {
    this.#accumulation.discard();
    this.#accumulation = new Accumulation(this.#rule);
  }

  /** Another metric of the same rule that has seen nothing yet. */
  fresh(): StreamingMetric<Sums> {
    return new StreamingMetric(this.#rule);
  }

  /**
   * Begins a time after which nothing shows that the metric was updated; it begins empty.
   *
   * @returns A function that ends it.
   */
  isolate(): () => void {
    const outer = this.#accumulation;
    this.#accumulation = new Accumulation(this.#rule);
    return () => {
      this.#accumulation.discard();
      this.#accumulation = outer;
    };
  }
}
