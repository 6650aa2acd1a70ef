import { RandomState } from "./randomState.js";

/**
 * Runs a synchronous function with `Math.random` drawing from the given generator, and puts it back afterwards.
 *
 * TensorFlow.js has no global seed: its initializers, `tf.randomUniform` and dropout seed themselves from
 * `Math.random`. Because `run` is synchronous, no other code of the program can draw from the generator meanwhile.
 */
export function withMathRandom<T>(random: RandomState, run: () => T): T {
  const restore = replaceMathRandom(random);
  try {
    return run();
  } finally {
    restore();
  }
}

/** Lets `Math.random` draw from the given generator until the returned function is called. */
export function replaceMathRandom(random: RandomState): () => void {
  const original = Math.random;
  Math.random = () => random.float();
  return () => {
    Math.random = original;
  };
}

/**
 * Runs a synchronous function in which all that TensorFlow.js draws at random follows from `seed`.
 *
 * Wrap the making of a model in it to get the same initial weights each time.
 *
 * @param seed - Any whole number.
 * @example
 * ```ts
 * const model = seeded(42, () => new Digits({ lr: 1e-3, hidden: 128 }));
 * ```
 */
export function seeded<T>(seed: number, run: () => T): T {
  return withMathRandom(new RandomState(seed), run);
}
