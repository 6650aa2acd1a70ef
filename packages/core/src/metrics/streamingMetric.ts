import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { safely } from "../options/checkOptions.js";
import { isTensor } from "../tensors/isTensor.js";
import { Accumulation, type MetricRule } from "./accumulation.js";

/** A number that is accumulated over batches; each example has the same weight, also in a shorter last batch. */
export interface Metric {
  /**
   * Adds a batch. It may be called in a training step: it reads nothing back from the device and keeps no given tensor.
   *
   * @param predictions - The output of the model, one row per example.
   * @param targets - The expected output, one row per example.
   */
  update(predictions: Tensor, targets: Tensor): void;
  /** Computes the value over all batches since the last `reset`; NaN if it is undefined. */
  compute(): Promise<number>;
  /** Discards all batches. */
  reset(): void;
}

/**
 * A {@link Metric} that a rule defines. Functions such as `accuracy`, `f1` and `auroc` create it.
 *
 * @typeParam Sums - What is accumulated over the batches.
 */
export class StreamingMetric<Sums = unknown> implements Metric {
  readonly #rule: MetricRule<Sums>;
  #accumulation: Accumulation<Sums>;

  constructor(rule: MetricRule<Sums>) {
    this.#rule = rule;
    this.#accumulation = new Accumulation(rule);
  }

  /** @throws FulmineError `INVALID_DATA` if they are not numeric tensors, or if their shapes do not match. */
  update(predictions: Tensor, targets: Tensor): void {
    requireNumeric("predictions", predictions);
    requireNumeric("targets", targets);
    this.#accumulation.add(predictions, targets);
  }

  /** @throws FulmineError `INVALID_DATA` if a batch had labels outside the classes. */
  async compute(): Promise<number> {
    return this.#rule.result(await this.#accumulation.sums());
  }

  reset(): void {
    this.#accumulation.discard();
    this.#accumulation = new Accumulation(this.#rule);
  }

  /** Creates an empty metric with the same rule. */
  fresh(): StreamingMetric<Sums> {
    return new StreamingMetric(this.#rule);
  }

  /**
   * Starts an isolated section, in which the metric is empty at first.
   *
   * @returns A function that ends the section and restores the metric.
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

/** Checks that a value is a numeric tensor with at least one element. */
function requireNumeric(what: string, given: unknown): void {
  const kind = kindOf(given);
  if (["float32", "int32", "bool"].includes(kind ?? "")) return;
  throw new FulmineError("INVALID_DATA", `A metric's ${what} must be a non-empty tensor of numbers.`, {
    received: kind === null ? given : `a tensor of ${kind}`,
    todo: "Call update(predictions, targets) with the tensors of a batch that has examples.",
  });
}

/** Describes the contents of a tensor; returns `null` for other values and for those that throw when they are read. */
function kindOf(given: unknown): string | null {
  if (!safely(() => isTensor(given)) || !isTensor(given)) return null;
  if (given.isDisposed) return "nothing, because it is disposed";
  return given.size === 0 ? `the shape [${given.shape.join(", ")}]` : given.dtype;
}
