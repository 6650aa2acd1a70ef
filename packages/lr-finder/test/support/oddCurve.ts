import type { Curve, RateTrial } from "../../src/curve/curve.js";

const trial = (lr: number, score: number, ...loss: number[]): RateTrial => ({ lr, loss, score });

/** A curve with the numbers that are hardest to save: -0, denormal, infinite and NaN. */
export const odd: Curve = {
  ...{ mode: "exponential", stopped: "not-finite", lr: [1e-8, 0.1, 0.3] },
  optimizer: { name: "sgd", weights: 50, momentum: 0.9 },
  ...{ loss: [-0, 0.1 + 0.2, NaN], smoothed: [5e-324, -Infinity, NaN] },
  ...{ valLoss: [1.7976931348623157e308, NaN, NaN], valSmoothed: [1, NaN, NaN] },
  band: { sweeps: 3, low: [-1, NaN, NaN], high: [2, NaN, Infinity] },
  ...{ trials: [trial(1e-8, 1.5, 1, 2), trial(0.1, 2.5, 3), trial(0.2, Infinity, 2, 1, Infinity)] },
};
