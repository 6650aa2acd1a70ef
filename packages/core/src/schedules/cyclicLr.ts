import { FulmineError } from "../errors/fulmineError.js";
import { readOptions, requireSettings } from "../options/checkOptions.js";
import { count, flag, notNegative, oneOf, optional, positive, unitInterval } from "../options/validators.js";
import type { Scheduled, ScheduleRule } from "./scheduleRule.js";

/** The settings of {@link cyclicLr}: bounds, as a `range` or as `baseLr` and `maxLr`, and the shape of the cycle. */
export type CyclicLrOptions = CyclicLrBounds & {
  /** The number of moves up. @defaultValue 2000 */
  readonly stepSize?: number;
  /** The number of moves down; left out, as many as up. */
  readonly stepSizeDown?: number;
  /** How the peaks change: not at all, halved at each cycle, or by `gamma` at each move. @defaultValue "triangular" */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** The factor of each move on the peak in `"exp_range"`. @defaultValue 1 */
  readonly gamma?: number;
  /** Whether the momentum (`beta1`) falls while the rate rises, and rises while it falls. @defaultValue true */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum. @defaultValue 0.8 */
  readonly baseMomentum?: number;
  /** The highest momentum. @defaultValue 0.9 */
  readonly maxMomentum?: number;
};

/** The lowest and the highest rate of a cycle. */
export type CyclicLrBounds =
  | {
      /** The lowest and the highest rate, as a search's suggestion gives them. */
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
 * Takes the rate up and down between two bounds, again and again (Smith 2017), as PyTorch's `CyclicLR`. Its interval is
 * best `"step"`, its bounds the range that a search suggested.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 * @example
 * ```ts
 * cyclicLr({ range: finder.suggest().range, stepSize: 500, mode: "triangular2" })
 * ```
 */
export function cyclicLr(given: CyclicLrOptions): ScheduleRule {
  const options = readOptions("cyclicLr", withBounds(given), defaults, requirements);
  const { baseLr, maxLr, stepSize, stepSizeDown = stepSize, mode, gamma } = options;
  const { cycleMomentum, baseMomentum, maxMomentum } = options;
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
  given: CyclicLrOptions,
): Omit<CyclicLrOptions, keyof CyclicLrBounds> & { readonly baseLr: number; readonly maxLr: number } {
  requireSettings(given, "cyclicLr");
  if (!("range" in given)) return given;
  const { range, ...rest } = given;
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
