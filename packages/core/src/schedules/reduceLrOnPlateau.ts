import { FulmineError } from "../errors/fulmineError.js";
import { readOptions } from "../options/checkOptions.js";
import {
  betweenZeroAndOne,
  nonNegativeInteger,
  isObject,
  notNegative,
  oneOf,
} from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link reduceLrOnPlateau}. */
export interface ReduceLrOnPlateauOptions {
  /** Whether the metric is to fall or to rise. @defaultValue "min" */
  readonly mode?: "min" | "max";
  /** The factor of a fall of the rate. @defaultValue 0.1 */
  readonly factor?: number;
  /** How many moves without improvement are borne before the rate falls. @defaultValue 10 */
  readonly patience?: number;
  /** By how much the metric must be better than its best to count as improved. @defaultValue 1e-4 */
  readonly threshold?: number;
  /** Whether `threshold` is a share of the best metric or a difference from it. @defaultValue "rel" */
  readonly thresholdMode?: "rel" | "abs";
  /** For how many moves after a fall nothing is counted. @defaultValue 0 */
  readonly cooldown?: number;
  /** The lowest rate. @defaultValue 0 */
  readonly minLr?: number;
  /** A fall by no more than this is left out. @defaultValue 1e-8 */
  readonly eps?: number;
}

/** What a plateau schedule remembers: the best metric so far, moves since without improvement, and moves to rest. */
export type PlateauState = {
  readonly best: number | null;
  readonly badMoves: number;
  readonly cooldown: number;
};

const defaults = {
  mode: "min",
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: "rel",
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
} as const;

const requirements = {
  mode: oneOf("min", "max"),
  factor: betweenZeroAndOne,
  patience: nonNegativeInteger,
  threshold: notNegative,
  thresholdMode: oneOf("rel", "abs"),
  cooldown: nonNegativeInteger,
  minLr: notNegative,
  eps: notNegative,
};

/**
 * Lets the rate fall when a metric has stopped improving, as PyTorch's `ReduceLROnPlateau`. It needs `monitor`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`; its moves `INVALID_STATE` without a metric.
 * @example
 * ```ts
 * { optimizer: adam({ lr: this.hparams.lr }), schedule: reduceLrOnPlateau({ patience: 3 }), monitor: "val_loss" }
 * ```
 */
export function reduceLrOnPlateau(given: ReduceLrOnPlateauOptions = {}): ScheduleRule<PlateauState> {
  const options = readOptions("reduceLrOnPlateau", given, defaults, requirements);
  const { mode, factor, patience, threshold, thresholdMode, minLr, eps } = options;
  const sign = mode === "min" ? -1 : 1;
  const isBetter = (metric: number, best: number): boolean => {
    const bar = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < bar : metric > bar;
  };
  const start: PlateauState = { best: null, badMoves: 0, cooldown: 0 };
  return {
    name: "plateau",
    needsMetric: true,
    isState,
    next({ lr, metric, state = start }) {
      if (metric === undefined) throw noMetric();
      // No number yet is worse than any; a metric that is not finite is never the best.
      const isImproved = Number.isFinite(metric) && (state.best === null || isBetter(metric, state.best));
      const best = isImproved ? metric : state.best;
      const isResting = state.cooldown > 0;
      const badMoves = isImproved || isResting ? 0 : state.badMoves + 1;
      if (badMoves <= patience)
        return { lr, state: { best, badMoves, cooldown: Math.max(state.cooldown - 1, 0) } };
      const lower = Math.max(lr * factor, minLr);
      return {
        lr: lr - lower > eps ? lower : lr,
        state: { best, badMoves: 0, cooldown: options.cooldown },
      };
    },
  };
}

function isState(value: unknown): value is PlateauState {
  if (!isObject(value)) return false;
  const { best, badMoves, cooldown } = value as Partial<PlateauState>;
  return (
    (best === null || typeof best === "number") &&
    nonNegativeInteger.test(badMoves) &&
    nonNegativeInteger.test(cooldown)
  );
}

function noMetric(): FulmineError {
  return new FulmineError(
    "INVALID_STATE",
    "`reduceLrOnPlateau` got no value of the metric that it watches.",
    {
      todo: 'Log it before the schedule moves, and name it: { optimizer, schedule, monitor: "val_loss" }.',
    },
  );
}
