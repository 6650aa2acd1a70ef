import { dispose, tidy, type Tensor } from "@tensorflow/tfjs-core";
import { disposeBatch, tensorsOf } from "../tensors/batch.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { RandomState } from "../random/randomState.js";
import { withMathRandom } from "../random/seeded.js";
import type { Transform } from "./loaderOptions.js";

/**
 * Applies a transform to a batch and frees what the result no longer holds.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when a function that is not `async` gives a promise, and whatever the
 * transform throws; the batch is freed then too.
 */
export async function applyTransform<In, Out>(
  transform: Transform<In, Out>,
  batch: In,
  random: RandomState,
): Promise<Out> {
  try {
    const made = isAsync(transform)
      ? await withMathRandom(random, () => transform(batch, random))
      : transformInTidy(transform, batch, random);
    const kept = new Set<Tensor>(tensorsOf(made));
    dispose(tensorsOf(batch).filter((tensor) => !kept.has(tensor)));
    return made;
  } catch (error) {
    disposeBatch(batch);
    throw error;
  }
}

function transformInTidy<In, Out>(transform: Transform<In, Out>, batch: In, random: RandomState): Out {
  const made: Out[] = [];
  tidy(() => {
    const result = withMathRandom(random, () => transform(batch, random));
    // Its tensors would be freed here before it is done with them.
    if (result instanceof Promise) throw promiseFound(result);
    made.push(result);
    return tensorsOf(result);
  });
  return made[0] as Out;
}

function promiseFound(result: Promise<unknown>): FulmineError {
  // Nobody waits for it any more, so its failure must not end the process.
  result.catch(() => undefined);
  return new FulmineError("INVALID_DATA", "`transform` gave a promise, but is not an async function.", {
    todo: "Write it as `async (batch, random) => …`.",
  });
}

function isAsync(fn: (...args: never) => unknown): boolean {
  return Object.prototype.toString.call(fn) === "[object AsyncFunction]";
}
