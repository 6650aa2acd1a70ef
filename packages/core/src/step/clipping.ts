import {
  add,
  addN,
  clipByValue,
  div,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sum,
  tidy,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";

/** Clips gradients; loaded only for a run that clips them. */
export class Clipping {
  /** @param limit - The largest norm of all gradients together, or the largest absolute value of one element. */
  constructor(
    readonly limit: number,
    readonly algorithm: "norm" | "value",
  ) {}

  /**
   * Clips gradients by their norm or by value.
   *
   * `"norm"` scales all gradients by `limit / (norm + 1e-6)` where that is less than 1 (Pascanu et al. 2013, as PyTorch
   * computes it); `norm` is the norm of all gradients together. `"value"` clips each element to ±limit.
   *
   * @returns New tensors; the given tensors do not change.
   */
  clip(gradients: ReadonlyMap<Variable, Tensor>): Map<Variable, Tensor> {
    const { limit, algorithm } = this;
    const params = [...gradients.keys()];
    const clipped = tidy(() => {
      const values = [...gradients.values()];
      if (algorithm === "value") return values.map((gradient) => clipByValue(gradient, -limit, limit));
      const norm = sqrt(addN(values.map((gradient) => sum(square(gradient)))));
      const factor = minimum(div(limit, add(norm, 1e-6)), scalar(1));
      return values.map((gradient) => mul(gradient, factor));
    });
    return new Map(params.map((param, index) => [param, clipped[index] as Tensor]));
  }
}
