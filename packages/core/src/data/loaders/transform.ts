import { dispose, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import type { RandomState } from "../../random/randomState.js";
import { withMathRandom } from "../../random/seeded.js";
import { disposeBatch, tensorsOf } from "../../tensors/batch.js";

/**
 * Turns a batch into another batch, e.g. for data augmentation. May be async.
 *
 * Random operations of TensorFlow.js inside it are seeded from the loader's seed and the batch's position in the pass, and
 * so is `random`; an async transform must draw from `random` after its first `await`. The tensors of the returned batch are
 * disposed together with that batch. Tensors of the given batch that the returned one does not contain are disposed
 * immediately, as are the intermediate tensors of a synchronous transform.
 */
export type Transform<In, Out> = (batch: In, random: RandomState) => Out | Promise<Out>;

/**
 * Applies a transform to a batch and disposes the tensors that the result does not contain.
 *
 * @throws FulmineError `INVALID_DATA` if a function that is not `async` returns a promise. Errors of the transform
 * are passed on. The batch is disposed in both cases.
 */
export async function applyTransform<In, Out>(
  transform: Transform<In, Out>,
  batch: In,
  random: RandomState,
): Promise<Out> {
  try {
    const result = isAsync(transform)
      ? await withMathRandom(random, () => transform(batch, random))
      : transformInTidy(transform, batch, random);
    const kept = new Set<Tensor>(tensorsOf(result));
    dispose(tensorsOf(batch).filter((tensor) => !kept.has(tensor)));
    return result;
  } catch (error) {
    disposeBatch(batch);
    throw error;
  }
}

function transformInTidy<In, Out>(transform: Transform<In, Out>, batch: In, random: RandomState): Out {
  const results: Out[] = [];
  tidy(() => {
    const result = withMathRandom(random, () => transform(batch, random));
    // The tidy would dispose its tensors before the promise resolves.
    if (result instanceof Promise) throw promiseReturned(result);
    results.push(result);
    return tensorsOf(result);
  });
  return results[0] as Out;
}

function promiseReturned(result: Promise<unknown>): FulmineError {
  // Nothing awaits this promise, so an unhandled rejection would end the process.
  result.catch(() => undefined);
  return new FulmineError("INVALID_DATA", "`transform` returned a promise, but is not an async function.", {
    todo: "Write it as `async (batch, random) => …`.",
  });
}

function isAsync(fn: (...args: never) => unknown): boolean {
  return Object.prototype.toString.call(fn) === "[object AsyncFunction]";
}
