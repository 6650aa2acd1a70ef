import { findVariables } from "@fulmine/core";

/** Up to so many numbers in its variables a module without convolutions is faster on one thread than on two. */
const SMALL = 500_000;

/**
 * How many threads a module is best trained with: one for small dense nets, whose operations take less time than sharing
 * them out does. Measured with steps of nets of 10,000 to 2,000,000 numbers on two cores; see `bench/speed.md`.
 *
 * @returns `undefined` for as many as there are cores.
 */
export function threadsFor(module: object): number | undefined {
  const { all } = findVariables(module);
  const hasConvolution = all.some(({ shape }) => shape.length > 2);
  const numbers = all.reduce((sum, { size }) => sum + size, 0);
  return hasConvolution || numbers > SMALL ? undefined : 1;
}
