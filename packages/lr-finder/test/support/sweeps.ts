import type { Curve, LadderMode, StopReason } from "../../src/curve/curve.js";

/** The parameters of a synthetic sweep. */
interface Shape {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  readonly mode?: LadderMode;
  readonly stopped?: StopReason;
  /** The loss without noise. */
  readonly loss: (lr: number) => number;
  /** The amplitude of the noise, relative to the loss. */
  readonly noise?: number;
}

/** A synthetic sweep with the same numbers on every machine. */
export function makeSweep({
  count,
  low,
  high,
  mode = "exponential",
  stopped = "finished",
  loss,
  noise = 0,
}: Shape): Curve {
  const part = (k: number): number => (count < 2 ? 0 : k / (count - 1));
  const lr = Array.from({ length: count }, (_, k) =>
    mode === "exponential" ? low * (high / low) ** part(k) : low + (high - low) * part(k),
  );
  const random = lcg(7);
  const losses = lr.map((rate) => loss(rate) * (1 + noise * (random() + random() - 1)));
  return { mode, lr, loss: losses, smoothed: smooth(losses), stopped };
}

/** A curve of given losses on an exponential ladder from 1e-6. */
export function curveOf(losses: readonly number[], stopped: StopReason = "finished"): Curve {
  const lr = losses.map((_, k) => 1e-6 * 10 ** (k / 10));
  return { mode: "exponential", lr, loss: losses, smoothed: losses, stopped };
}

/** The bias-corrected moving average of a sweep, with a beta of 0.9. */
function smooth(losses: readonly number[]): number[] {
  let mean = 0;
  return losses.map((loss, k) => {
    mean = 0.9 * mean + 0.1 * loss;
    return mean / (1 - 0.9 ** (k + 1));
  });
}

/** A linear congruential generator of numbers in [0, 1), with the constants of Numerical Recipes. */
function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const fall = (lr: number, middle: number, width: number): number =>
  1 / (1 + Math.exp((Math.log10(lr) - Math.log10(middle)) / width));

/** A sweep of a classifier that runs to its end: a plateau, a fall, a rise. */
export const typical: Curve = makeSweep({
  count: 100,
  low: 1e-7,
  high: 1,
  loss: (lr) => 0.35 + 2 * fall(lr, 4e-3, 0.35) + 1.6 * (1 - fall(lr, 0.6, 0.15)),
  noise: 0.09,
});

/** A sweep that explodes and stops early. */
export const diverged: Curve = makeSweep({
  count: 84,
  low: 1e-8,
  high: 0.2,
  stopped: "diverged",
  loss: (lr) => 0.2 + 2.1 * fall(lr, 2e-3, 0.4) + Math.exp((Math.log10(lr) + 1.15) * 14),
  noise: 0.07,
});

/** A sweep with a constant loss. */
export const flat: Curve = makeSweep({ count: 60, low: 1e-6, high: 1e-2, loss: () => 0.6931 });

/** A sweep over a linear ladder. */
export const linear: Curve = makeSweep({
  count: 60,
  low: 0.001,
  high: 0.5,
  mode: "linear",
  loss: (lr) => 0.5 + 1.8 * Math.exp(-lr / 0.08) + 3 * lr ** 3,
  noise: 0.05,
});
