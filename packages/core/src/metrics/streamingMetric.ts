import type { Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { safely } from "../options/checkOptions.js";
import { isTensor } from "../tensors/isTensor.js";
import { Accumulation, type MetricRule } from "./accumulation.js";

/**
 * A value that is accumulated over batches. Each example counts the same, also in a shorter last batch, unless it has a weight.
 *
 * @typeParam Value - The type of the value: a number for all metrics that can be logged.
 */
export interface Metric<Value = number> {
  /**
   * Adds a batch. It may be called in a training step: it reads nothing back from the device and keeps no given tensor.
   *
   * @param predictions - The output of the model, one row per example.
   * @param targets - The expected output, one row per example.
   * @param weights - One weight per example, `[examples]`: how many times the example counts. @defaultValue each counts once
   */
  update(predictions: Tensor, targets: Tensor, weights?: Tensor | null): void;
  /** Computes the value over all batches since the last `reset`; NaN if it is undefined. */
  compute(): Promise<Value>;
  /** Discards all batches. */
  reset(): void;
}

/**
 * A {@link Metric} that a rule defines. Functions such as `accuracy`, `f1` and `auroc` create it.
 *
 * @typeParam Sums - What is accumulated over the batches.
 * @typeParam Value - The type of the value.
 */
export class StreamingMetric<Sums = unknown, Value = number> implements Metric<Value> {
  readonly #rule: MetricRule<Sums, Value>;
  #accumulation: Accumulation<Sums>;

  constructor(rule: MetricRule<Sums, Value>) {
    this.#rule = rule;
    this.#accumulation = new Accumulation(rule);
  }

  /** Whether the value is a number, which can be logged. */
  get isNumber(): boolean {
    return typeof this.#rule.result(this.#rule.empty) === "number";
  }

  /** @throws FulmineError `INVALID_DATA` if they are not numeric tensors, or if their shapes do not match. */
  update(predictions: Tensor, targets: Tensor, weights?: Tensor | null): void {
    requireNumeric("predictions", predictions);
    requireNumeric("targets", targets);
    if (weights !== undefined && weights !== null) {
      requireNumeric("weights", weights);
      requireWeighable(this.#rule);
    }
    this.#accumulation.add(predictions, targets, weights ?? null);
  }

  /** @throws FulmineError `INVALID_DATA` if a batch had labels outside the classes. */
  async compute(): Promise<Value> {
    return this.#rule.result(await this.#accumulation.sums());
  }

  reset(): void {
    this.#accumulation.discard();
    this.#accumulation = new Accumulation(this.#rule);
  }

  /** Creates an empty metric with the same rule. */
  fresh(): StreamingMetric<Sums, Value> {
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

/** Checks that a rule reads weights, because it would ignore them otherwise. */
function requireWeighable({ takesWeights = false }: { readonly takesWeights?: boolean }): void {
  if (takesWeights) return;
  throw new FulmineError("INVALID_DATA", "This metric takes no weights.", {
    todo: "Leave them out, or let the `measure` of its rule read them and set `takesWeights`.",
  });
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
