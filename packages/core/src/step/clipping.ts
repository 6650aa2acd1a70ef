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

/** Keeps gradients from being too large; loaded only for a run that clips them. */
export class Clipping {
  /** @param limit - The largest norm of all gradients together, or the largest size of a single number. */
  constructor(
    readonly limit: number,
    readonly algorithm: "norm" | "value",
  ) {}

  /**
   * Clips gradients: `"norm"` scales all of them by `limit / (norm + 1e-6)` where their common norm exceeds the limit
   * (Pascanu et al. 2013, as PyTorch computes it), `"value"` cuts each number at ±limit.
   *
   * @returns New tensors; those given stay as they are.
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
