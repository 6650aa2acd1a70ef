import { randomNormal, randomUniform, truncatedNormal, type Tensor } from "@tensorflow/tfjs-core";
import { DataType } from "./graphNode.js";
import type { MadeTensor } from "./constantPool.js";

/** How tfjs makes random tensors: from one drawn number each, as the seed of a generator of its own. */
const makers = {
  uniform: (shape: number[], seed: number): Tensor => randomUniform(shape, 0, 1, "float32", seed),
  normal: (shape: number[], seed: number): Tensor => randomNormal(shape, 0, 1, "float32", seed),
  truncated: (shape: number[], seed: number): Tensor => truncatedNormal(shape, 0, 1, "float32", seed),
};

/** A random tensor that a step makes anew each time: dropout's mask, a normal sample. */
export interface RandomInput {
  readonly kind: keyof typeof makers;
  readonly shape: readonly number[];
}

/** Makes the random tensor that tfjs makes when it draws `seed`. */
export function makeRandom({ kind, shape }: RandomInput, seed: number): Tensor {
  return makers[kind]([...shape], seed);
}

/** Finds how a tensor was made from a drawn number; `null` when it was not, or in a way that is not known here. */
export function recognizeRandom({ shape, dtype, values }: MadeTensor, seed: number): RandomInput | null {
  if (dtype !== DataType.float32 || !(values instanceof Float32Array)) return null;
  for (const kind of ["uniform", "normal", "truncated"] as const) {
    // Its first numbers tell the wrong kinds apart without making all of them.
    if (!begins(values, makers[kind]([Math.min(2, values.length)], seed))) continue;
    if (begins(values, makers[kind]([...shape], seed))) return { kind, shape };
  }
  return null;
}

function begins(values: Float32Array, made: Tensor): boolean {
  const expected = made.dataSync();
  made.dispose();
  return expected.every((value, index) => Object.is(value, values[index]));
}
