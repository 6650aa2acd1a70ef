import { readOptions } from "../options/readOptions.js";
import { positive, count, rising } from "../options/requirements.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the rate by `gamma` at each move, as PyTorch's `ExponentialLR`.
 *
 * @param options - `gamma`: the factor.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function exponentialLr(options: { readonly gamma: number }): ScheduleRule {
  const { gamma } = readOptions("exponentialLr", options, {}, { gamma: positive });
  return { name: "exponential", next: ({ lr }) => ({ lr: lr * gamma }) };
}

/** The settings of {@link stepLr}. */
export interface StepLrOptions {
  /** The number of moves between two falls. */
  readonly stepSize: number;
  /** The factor of a fall. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` at every `stepSize`-th move, as PyTorch's `StepLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function stepLr(options: StepLrOptions): ScheduleRule {
  const requirements = { stepSize: count, gamma: positive };
  const { stepSize, gamma } = readOptions("stepLr", options, { gamma: 0.1 }, requirements);
  return { name: "step", next: ({ lr, step }) => ({ lr: step % stepSize === 0 ? lr * gamma : lr }) };
}

/** The settings of {@link multiStepLr}. */
export interface MultiStepLrOptions {
  /** The moves at which the rate falls; one that is named twice lets it fall twice. */
  readonly milestones: readonly number[];
  /** The factor of a fall. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` at each milestone, as PyTorch's `MultiStepLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function multiStepLr(options: MultiStepLrOptions): ScheduleRule {
  const requirements = { milestones: rising(false), gamma: positive };
  const { milestones, gamma } = readOptions("multiStepLr", options, { gamma: 0.1 }, requirements);
  return {
    name: "multi-step",
    next({ lr, step }) {
      const falls = milestones.filter((milestone) => milestone === step).length;
      return { lr: falls === 0 ? lr : lr * gamma ** falls };
    },
  };
}

/** The settings of {@link polynomialLr}. */
export interface PolynomialLrOptions {
  /** The number of moves until the rate is 0. @defaultValue 5 */
  readonly totalSteps?: number;
  /** The power of the fall; 1 is a straight line. @defaultValue 1 */
  readonly power?: number;
}

/**
 * Lets the rate fall to 0 as `(1 − step / totalSteps)^power`, as PyTorch's `PolynomialLR`.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function polynomialLr(options: PolynomialLrOptions = {}): ScheduleRule {
  const requirements = { totalSteps: count, power: positive };
  const defaults = { totalSteps: 5, power: 1 };
  const { totalSteps, power } = readOptions("polynomialLr", options, defaults, requirements);
  return {
    name: "polynomial",
    next({ lr, step }) {
      if (step > totalSteps) return { lr };
      return { lr: lr * ((1 - step / totalSteps) / (1 - (step - 1) / totalSteps)) ** power };
    },
  };
}
