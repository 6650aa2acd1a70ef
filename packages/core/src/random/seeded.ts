import { FulmineError } from "../errors/fulmineError.js";
import { checkOptions } from "../options/checkOptions.js";
import { callable, integer, isUnwantedPromise } from "../options/validators.js";
import { RandomState } from "./randomState.js";

/**
 * Runs a synchronous function while `Math.random` draws from the given generator.
 *
 * TensorFlow.js has no global seed: its initializers, `tf.randomUniform` and dropout take their seeds from
 * `Math.random`. Because `run` is synchronous, no other code of the program draws from the generator in the meantime.
 */
export function withMathRandom<T>(random: RandomState, run: () => T): T {
  const restore = replaceMathRandom(random);
  try {
    return run();
  } finally {
    restore();
  }
}

/** Makes `Math.random` draw from the given generator until the returned function is called. */
export function replaceMathRandom(random: RandomState): () => void {
  const original = Math.random;
  Math.random = () => random.float();
  return () => {
    Math.random = original;
  };
}

/**
 * Runs a synchronous function with a seed for every random number that TensorFlow.js draws in it.
 *
 * Create a model in it to get the same initial weights each time.
 *
 * @param seed - Any integer.
 * @throws FulmineError `INVALID_OPTION` when it is none, or the function is async; and whatever the function throws.
 * @example
 * ```ts
 * const model = seeded(42, () => new Digits({ lr: 1e-3, hidden: 128 }));
 * ```
 */
export function seeded<T>(seed: number, run: () => T): T {
  checkOptions({ seed, run }, { seed: integer, run: callable() }, "seeded");
  const made = withMathRandom(new RandomState(seed), run);
  if (!isUnwantedPromise(made)) return made;
  throw new FulmineError(
    "INVALID_OPTION",
    "The function of `seeded` must not be async: only what it draws before its first `await` would follow from the seed.",
    {
      todo: "Fetch what it needs before, and make the model in it.",
    },
  );
}
