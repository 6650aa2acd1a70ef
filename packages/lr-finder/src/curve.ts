import type { RateTrial } from "./sweep/rateTrial.js";

/** How the rates of a sweep are spaced. */
export type LadderMode = "exponential" | "linear";

/** Why a sweep ended. */
export type StopReason = "finished" | "diverged" | "not-finite";

/** How far the loss that rules read lies apart between sweeps, one entry per rung. */
export interface Band {
  /** The number of sweeps. */
  readonly sweeps: number;
  /** The lowest of their smoothed losses. */
  readonly low: readonly number[];
  /** The highest of their smoothed losses. */
  readonly high: readonly number[];
}

/** The optimizer that took a search's steps. */
export interface SweptOptimizer {
  /** Its name, e.g. `"adam"`. */
  readonly name: string;
  /** How many numbers it trains. */
  readonly weights: number;
  /** Its setting `momentum`, where it has one. */
  readonly momentum?: number;
}

/** What a sweep measured: one entry per rung in each array, in the order of the sweep. */
export interface Curve {
  /** How the rungs are spaced: `"exponential"` curves are read over log(lr), `"linear"` ones over lr. */
  readonly mode: LadderMode;
  /** The learning rate of each rung, strictly rising. */
  readonly lr: readonly number[];
  /** The training loss of each rung as it was measured. The last may be NaN or infinite, no other. */
  readonly loss: readonly number[];
  /** The bias-corrected running mean of `loss`. */
  readonly smoothed: readonly number[];
  /** The held-out loss after the step of each rung, NaN where a rung was not scored; only there when it was asked for. */
  readonly valLoss?: readonly number[];
  /** The bias-corrected running mean of the scored `valLoss`, NaN where a rung was not scored. */
  readonly valSmoothed?: readonly number[];
  /** How far several sweeps lie apart, of which all losses here are the means; only there when they were asked for. */
  readonly band?: Band;
  /** What took the steps; `auto` knows what rates are usual with it. */
  readonly optimizer?: SweptOptimizer;
  /** Why the sweep ended; of several, the one that ended first. */
  readonly stopped: StopReason;
  /** Trials at constant rates, from the state in which the sweep began, in the order in which they were made. */
  readonly trials?: readonly RateTrial[];
}

/** The losses of a curve that rules read: the held-out ones where there are any, else those of training. */
export function readLosses({ loss, smoothed, valLoss, valSmoothed }: Curve): {
  readonly measured: readonly number[];
  readonly smoothed: readonly number[];
} {
  return valLoss === undefined
    ? { measured: loss, smoothed }
    : { measured: valLoss, smoothed: valSmoothed ?? valLoss };
}
