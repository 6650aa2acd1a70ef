import { FulmineError, type Optimizer } from "@fulmine/core";

/**
 * The optimizer to sweep.
 *
 * @param index - Which of several.
 * @throws {@link FulmineError} `INVALID_OPTION` when it is not clear which, or there is none of that index.
 */
export function chooseOptimizer(optimizers: readonly Optimizer[], index: number | undefined): Optimizer {
  const optimizer = optimizers[index ?? 0];
  if (index === undefined && optimizers.length > 1) {
    throw new FulmineError(
      "INVALID_OPTION",
      `The module has ${optimizers.length} optimizers, and a search sweeps one.`,
      {
        todo: "Say which by `optimizer`, e.g. findLr(model, data, { optimizer: 0 }).",
      },
    );
  }
  if (optimizer !== undefined) return optimizer;
  throw new FulmineError(
    "INVALID_OPTION",
    `\`optimizer\` of \`findLr\` must be below ${optimizers.length}.`,
    { received: index },
  );
}
