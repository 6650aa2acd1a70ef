import { readOptions } from "../options/checkOptions.js";
import { count, positive, rising } from "../options/validators.js";
import type { ScheduleRule } from "./scheduleRule.js";

/**
 * Multiplies the rate by `gamma` in each step, like PyTorch's `ExponentialLR`: `base · gamma^step`.
 *
 * @param options - `gamma`: the factor, above 0.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function exponentialLr(options: { readonly gamma: number }): ScheduleRule {
  const { gamma } = readOptions("exponentialLr", options, {}, { gamma: positive });
  return { name: "exponential", next: ({ lr }) => ({ lr: lr * gamma }) };
}

/** The options of {@link stepLr}. */
export interface StepLrOptions {
  /** The number of steps between two decays. */
  readonly stepSize: number;
  /** The factor of each decay, above 0. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` every `stepSize` steps, like PyTorch's `StepLR`: `base · gamma^⌊step / stepSize⌋`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function stepLr(options: StepLrOptions): ScheduleRule {
  const requirements = { stepSize: count, gamma: positive };
  const { stepSize, gamma } = readOptions("stepLr", options, { gamma: 0.1 }, requirements);
  return { name: "step", next: ({ lr, step }) => ({ lr: step % stepSize === 0 ? lr * gamma : lr }) };
}

/** The options of {@link multiStepLr}. */
export interface MultiStepLrOptions {
  /** The steps at which the rate decays, in ascending order; a step that occurs twice decays the rate twice. */
  readonly milestones: readonly number[];
  /** The factor of each decay, above 0. @defaultValue 0.1 */
  readonly gamma?: number;
}

/**
 * Multiplies the rate by `gamma` at each milestone, like PyTorch's `MultiStepLR`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function multiStepLr(options: MultiStepLrOptions): ScheduleRule {
  const requirements = { milestones: rising(false), gamma: positive };
  const { milestones, gamma } = readOptions("multiStepLr", options, { gamma: 0.1 }, requirements);
  return {
    name: "multi-step",
    next({ lr, step }) {
      const decays = milestones.filter((milestone) => milestone === step).length;
      return { lr: decays === 0 ? lr : lr * gamma ** decays };
    },
  };
}

/** The options of {@link polynomialLr}. */
export interface PolynomialLrOptions {
  /** The number of steps until the rate is 0. @defaultValue 5 */
  readonly totalSteps?: number;
  /** The exponent, above 0; 1 is a linear decay. @defaultValue 1 */
  readonly power?: number;
}

/**
 * Decays the rate to 0, like PyTorch's `PolynomialLR`: `base · (1 − step / totalSteps)^power`.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
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
