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

/** The options of {@link reduceLrOnPlateau}. */
export interface ReduceLrOnPlateauOptions {
  /** Whether a lower or a higher metric is better. @defaultValue "min" */
  readonly mode?: "min" | "max";
  /** The factor of each reduction, between 0 and 1. @defaultValue 0.1 */
  readonly factor?: number;
  /** The number of steps without improvement after which the next such step reduces the rate. @defaultValue 10 */
  readonly patience?: number;
  /** The smallest improvement on the best metric that counts. @defaultValue 1e-4 */
  readonly threshold?: number;
  /** Whether `threshold` is relative to the best metric or absolute. @defaultValue "rel" */
  readonly thresholdMode?: "rel" | "abs";
  /** The number of steps after a reduction that do not count towards `patience`. @defaultValue 0 */
  readonly cooldown?: number;
  /** The lowest rate, at least 0. @defaultValue 0 */
  readonly minLr?: number;
  /** Reductions of the rate by at most this are skipped. @defaultValue 1e-8 */
  readonly eps?: number;
}

/** The state of {@link reduceLrOnPlateau}. */
export type PlateauState = {
  /** The best metric so far. */
  readonly best: number | null;
  /** The number of steps without improvement. */
  readonly badMoves: number;
  /** The remaining steps of the cooldown. */
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
 * Reduces the rate when a metric stops improving, like PyTorch's `ReduceLROnPlateau`. It needs `monitor`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option; its steps throw `INVALID_STATE`
 * without a metric.
 * @example
 * ```ts
 * { optimizer: adam({ lr: this.hparams.lr }), schedule: reduceLrOnPlateau({ patience: 3 }), monitor: "val_loss" }
 * ```
 */
export function reduceLrOnPlateau(options: ReduceLrOnPlateauOptions = {}): ScheduleRule<PlateauState> {
  const settings = readOptions("reduceLrOnPlateau", options, defaults, requirements);
  const { mode, factor, patience, threshold, thresholdMode, minLr, eps } = settings;
  const sign = mode === "min" ? -1 : 1;
  const isBetter = (metric: number, best: number): boolean => {
    const limit = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < limit : metric > limit;
  };
  const start: PlateauState = { best: null, badMoves: 0, cooldown: 0 };
  return {
    name: "plateau",
    needsMetric: true,
    isState,
    next({ lr, metric, state = start }) {
      if (metric === undefined) throw noMetric();
      // Any finite metric improves on no metric; a metric that is not finite never improves.
      const isImproved = Number.isFinite(metric) && (state.best === null || isBetter(metric, state.best));
      const best = isImproved ? metric : state.best;
      const isCoolingDown = state.cooldown > 0;
      const badMoves = isImproved || isCoolingDown ? 0 : state.badMoves + 1;
      if (badMoves <= patience)
        return { lr, state: { best, badMoves, cooldown: Math.max(state.cooldown - 1, 0) } };
      const lower = Math.max(lr * factor, minLr);
      return {
        lr: lr - lower > eps ? lower : lr,
        state: { best, badMoves: 0, cooldown: settings.cooldown },
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
  return new FulmineError("INVALID_STATE", "`reduceLrOnPlateau` got no value of its monitored metric.", {
    todo: 'Log the metric before the schedule steps, and name it: { optimizer, schedule, monitor: "val_loss" }.',
  });
}
