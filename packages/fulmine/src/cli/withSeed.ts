import { RandomState } from "@fulmine/core";

/**
 * Runs something while `Math.random`, from which TensorFlow.js draws initial weights, follows from a seed. Only for a process
 * that does nothing else meanwhile, such as a command.
 *
 * @param seed - Any whole number; left out, chance is left alone.
 */
export async function withSeed<T>(seed: number | undefined, run: () => Promise<T>): Promise<T> {
  if (seed === undefined) return run();
  const original = Math.random;
  const random = new RandomState(seed);
  Math.random = () => random.float();
  try {
    return await run();
  } finally {
    Math.random = original;
  }
}
