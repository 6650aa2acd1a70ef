import { FulmineError, type Optimizer, type Trial } from "@fulmine/core";
import type { Curve, StopReason, SweptOptimizer } from "../curve/curve.js";
import { makeLadder } from "../curve/ladder.js";
import { makeSmoother } from "../curve/statistics.js";
import type { ResolvedFindLrOptions } from "../options/resolveFindLrOptions.js";
import { untrainedRungs } from "../rules/lossLevels.js";
import { makeDivergenceTest } from "./divergence.js";
import { countEffectiveWeights } from "./effectiveWeights.js";
import type { SearchProgress } from "./progress.js";

/**
 * Trains one optimizer step at each rate of the ladder, from low to high. It ends after the last rate, at a loss that is not
 * finite, or when the loss diverges.
 */
export async function sweep(
  trial: Trial,
  optimizer: Optimizer,
  options: ResolvedFindLrOptions,
  progress: SearchProgress,
): Promise<Curve> {
  const { mode, beta, earlyStopThreshold, val, numTraining } = options;
  const smooth = makeSmoother(beta);
  // With fewer scores each one has more weight, so that the mean spans the same number of rungs.
  const smoothVal = makeSmoother(beta ** val);
  const hasDiverged = makeDivergenceTest(
    earlyStopThreshold,
    untrainedRungs(Math.ceil(numTraining / Math.max(1, val))),
  );
  const lr: number[] = [];
  const loss: number[] = [];
  const smoothed: number[] = [];
  const valLoss: number[] = [];
  const valSmoothed: number[] = [];
  let best = Infinity;
  let swept = describeOptimizer(optimizer, trial.optimizers.length - 1);
  const firstStep = async (): Promise<number> => {
    const { result, effectiveWeights } = await countEffectiveWeights(optimizer, () => trial.step());
    if (effectiveWeights !== undefined) swept = { ...swept, effectiveWeights };
    return result;
  };
  const endAt = (stopped: StopReason): Curve => ({
    ...{ mode, optimizer: swept, lr, loss, smoothed },
    ...(val === 0 ? {} : { valLoss, valSmoothed }),
    stopped,
  });

  /** Scores a rung on the held-out data if it is due. Returns the moving average of the scores, null if it is not due. */
  const score = async (index: number, measured: number): Promise<number | null> => {
    const isDue = Number.isFinite(measured) && (index % val === 0 || index === numTraining - 1);
    const value = isDue ? await trial.validate() : NaN;
    const mean = isDue ? smoothVal(value) : NaN;
    valLoss.push(value);
    valSmoothed.push(mean);
    return isDue ? mean : null;
  };

  for (const rate of makeLadder(options)) {
    const index = lr.length;
    optimizer.lr = rate;
    const measured = index === 0 ? await firstStep() : await trial.step();
    const mean = smooth(measured);
    lr.push(rate);
    loss.push(measured);
    smoothed.push(mean);
    const read = val > 0 ? await score(index, measured) : mean;
    if (!Number.isFinite(measured) || !Number.isFinite(read ?? measured)) return endAt("not-finite");
    if (read === null) continue;
    best = Math.min(best, read);
    progress.rung(lr.length, { lr: rate, loss: valLoss.at(-1) ?? measured, smoothed: read, best });
    if (hasDiverged(read, valLoss.at(-1) ?? measured)) return endAt("diverged");
  }
  return endAt("finished");
}

/**
 * The optimizer to sweep.
 *
 * @param index - The index of the optimizer; can be undefined if there is only one.
 * @throws FulmineError `INVALID_OPTION` if there are several optimizers and no index, or no optimizer with that index.
 */
export function chooseOptimizer(optimizers: readonly Optimizer[], index: number | undefined): Optimizer {
  const optimizer = optimizers[index ?? 0];
  if (index === undefined && optimizers.length > 1) {
    throw new FulmineError(
      "INVALID_OPTION",
      `The module has ${optimizers.length} optimizers, but a search sweeps only one.`,
      { todo: "Choose one with the option `optimizer`, e.g. findLr(model, data, { optimizer: 0 })." },
    );
  }
  if (optimizer !== undefined) return optimizer;
  throw new FulmineError(
    "INVALID_OPTION",
    `\`optimizer\` of \`findLr\` must be below ${optimizers.length}.`,
    { received: index },
  );
}

function describeOptimizer(optimizer: Optimizer, others: number): SweptOptimizer {
  const { name, params, paramGroups } = optimizer;
  const { options = {} } = paramGroups[0] ?? {};
  const weights = params.reduce((sum, { size }) => sum + size, 0);
  return {
    ...{ name, weights },
    ...("momentum" in options && typeof options.momentum === "number" ? { momentum: options.momentum } : {}),
    ...(others > 0 ? { others } : {}),
  };
}
