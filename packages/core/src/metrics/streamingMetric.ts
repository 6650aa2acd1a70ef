import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { safely } from "../options/checkOptions.js";
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

  /** @throws {@link FulmineError} `INVALID_DATA` when they are no tensors of numbers, or their shapes do not match. */
  update(predictions: Tensor, targets: Tensor): void {
    requireNumbers("predictions", predictions);
    requireNumbers("targets", targets);
    this.#accumulation.add(predictions, targets);
  }

  /** @throws {@link FulmineError} `INVALID_DATA` when a batch had labels of no class. */
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

/** Refuses what is no tensor, or one of which nothing can be measured. */
function requireNumbers(what: string, given: unknown): void {
  const kind = kindOf(given);
  if (["float32", "int32", "bool"].includes(kind ?? "")) return;
  throw new FulmineError(
    "INVALID_DATA",
    `A metric's ${what} must be a tensor of numbers, and of some at least.`,
    {
      received: kind === null ? given : `a tensor of ${kind}`,
      todo: "Call update(predictions, targets) with the tensors of a batch that has examples.",
    },
  );
}

/** What a tensor holds; `null` for what is none, or can't even be looked at. */
function kindOf(given: unknown): string | null {
  if (!safely(() => isTensor(given)) || !isTensor(given)) return null;
  if (given.isDisposed) return "nothing, for it is disposed";
  return given.size === 0 ? `the shape [${given.shape.join(", ")}]` : given.dtype;
}
