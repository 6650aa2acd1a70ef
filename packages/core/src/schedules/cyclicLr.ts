import { FulmineError } from "../errors/fulmineError.js";
import { readOptions, requireSettings } from "../options/checkOptions.js";
import { count, flag, notNegative, oneOf, optional, positive, unitInterval } from "../options/validators.js";
import type { Scheduled, ScheduleRule } from "./scheduleRule.js";

/** The options of {@link cyclicLr}: the bounds, as `range` or as `baseLr` and `maxLr`, and the shape of the cycle. */
export type CyclicLrOptions = CyclicLrBounds & {
  /** The number of steps in which the rate rises. @defaultValue 2000 */
  readonly stepSize?: number;
  /** The number of steps in which the rate falls. @defaultValue `stepSize` */
  readonly stepSizeDown?: number;
  /**
   * The amplitude of the cycles: constant, halved after each cycle, or multiplied by `gamma` in each step.
   *
   * @defaultValue "triangular"
   */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** The factor on the amplitude in each step of mode `"exp_range"`. @defaultValue 1 */
  readonly gamma?: number;
  /** Whether the momentum (or `beta1`) cycles inversely to the rate. @defaultValue true */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum, from 0 to below 1. @defaultValue 0.8 */
  readonly baseMomentum?: number;
  /** The highest momentum, from 0 to below 1. @defaultValue 0.9 */
  readonly maxMomentum?: number;
};

/** The lowest and the highest rate of a cycle. */
export type CyclicLrBounds =
  | {
      /** The lowest and the highest rate, e.g. the `range` of a learning-rate finder's suggestion. */
      readonly range: readonly [low: number, high: number];
    }
  | {
      /** The lowest rate. */
      readonly baseLr: number;
      /** The highest rate. */
      readonly maxLr: number;
    };

const defaults = {
  stepSize: 2000,
  mode: "triangular",
  gamma: 1,
  cycleMomentum: true,
  baseMomentum: 0.8,
  maxMomentum: 0.9,
} as const;

const requirements = {
  baseLr: notNegative,
  maxLr: positive,
  stepSize: count,
  stepSizeDown: optional(count),
  mode: oneOf("triangular", "triangular2", "exp_range"),
  gamma: positive,
  cycleMomentum: flag,
  baseMomentum: unitInterval,
  maxMomentum: unitInterval,
};

/**
 * Cycles the rate linearly between two bounds (Smith 2017), like PyTorch's `CyclicLR`.
 *
 * Use it with `interval: "step"`. A learning-rate finder can suggest the bounds.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * cyclicLr({ range: finder.suggest().range, stepSize: 500, mode: "triangular2" })
 * ```
 */
export function cyclicLr(options: CyclicLrOptions): ScheduleRule {
  const settings = readOptions("cyclicLr", withBounds(options), defaults, requirements);
  const { baseLr, maxLr, stepSize, stepSizeDown = stepSize, mode, gamma } = settings;
  const { cycleMomentum, baseMomentum, maxMomentum } = settings;
  if (baseLr >= maxLr) {
    throw new FulmineError("INVALID_OPTION", "The lowest rate of `cyclicLr` must be below its highest.", {
      received: [baseLr, maxLr],
    });
  }
  const length = stepSize + stepSizeDown;
  const peak = stepSize / length;

  const at = (step: number): Scheduled => {
    const cycle = Math.floor(1 + step / length);
    const place = 1 + step / length - cycle;
    const height = place <= peak ? place / peak : (place - 1) / (peak - 1);
    const scale = { triangular: 1, triangular2: 1 / 2 ** (cycle - 1), exp_range: gamma ** step }[mode];
    return {
      lr: baseLr + (maxLr - baseLr) * height * scale,
      ...(cycleMomentum ? { momentum: maxMomentum - (maxMomentum - baseMomentum) * height * scale } : {}),
    };
  };
  return {
    name: "cyclic",
    cyclesMomentum: cycleMomentum,
    first: () => at(0),
    next: ({ step }) => at(step),
  };
}

function withBounds(
  options: CyclicLrOptions,
): Omit<CyclicLrOptions, keyof CyclicLrBounds> & { readonly baseLr: number; readonly maxLr: number } {
  requireSettings(options, "cyclicLr");
  if (!("range" in options)) return options;
  const { range, ...rest } = options;
  if (!isPair(range)) {
    throw new FulmineError("INVALID_OPTION", "`range` of `cyclicLr` must be two rates, [low, high].", {
      received: range,
      todo: "A search that found nothing has no range: see `finder.suggest().reason`.",
    });
  }
  const [low, high] = range;
  return { ...rest, baseLr: low, maxLr: high };
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2;
}
