import { FulmineError } from "../errors/fulmineError.js";
import { checkOptions } from "../options/checkOptions.js";
import { callable, whole } from "../options/requirements.js";
import { RandomState } from "./randomState.js";

/**
 * Runs a synchronous function while `Math.random` draws from a generator.
 *
 * TensorFlow.js has no global seed: its initializers, `tf.randomUniform` and dropout take their seeds from `Math.random`.
 * The function must be synchronous, so that no other code of the program draws from the generator.
 */
export function withMathRandom<T>(random: RandomState, run: () => T): T {
  const restore = replaceMathRandom(random);
  try {
    return run();
  } finally {
    restore();
  }
}

/** Makes `Math.random` draw from a generator until the returned function is called. */
export function replaceMathRandom(random: RandomState): () => void {
  const original = Math.random;
  Math.random = () => random.float();
  return () => {
    Math.random = original;
  };
}

/**
 * Runs a synchronous function and seeds every random number that TensorFlow.js draws in it.
 *
 * A model that is created in it has the same initial weights each time.
 *
 * @param seed - Any integer.
 * @throws {@link FulmineError} `INVALID_OPTION` if the seed is not an integer or the function is async. Errors of the function
 * are passed on.
 * @example
 * ```ts
 * const model = seeded(42, () => new Digits({ lr: 1e-3, hidden: 128 }));
 * ```
 */
export function seeded<T>(seed: number, run: () => T): T {
  checkOptions({ seed, run }, { seed: whole, run: callable() }, "seeded");
  const result = withMathRandom(new RandomState(seed), run);
  if (!(result instanceof Promise)) return result;
  // Nobody awaits the promise any more, so its rejection must not end the process.
  result.catch(() => undefined);
  throw new FulmineError(
    "INVALID_OPTION",
    "The function of `seeded` must not be async: the seed would apply only until its first `await`.",
    {
      todo: "Load data before the call, and create the model in the function.",
    },
  );
}
