import { batchSizeOf } from "../tensors/batch.js";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { isContainer, outlineOf, sameTrailing, type Outline } from "./batchOutline.js";
import type { ReaderTerms } from "./checkedSource.js";

/** Where a batch stands, and what it is held to. */
export interface BatchPlace extends ReaderTerms {
  readonly index: number;
  /** The outline of the first batch. */
  readonly outline: Outline;
}

interface NamedTensor {
  readonly path: string;
  readonly shape: readonly number[];
  readonly isDisposed: boolean;
}

/** Says what is wrong with a batch; `null` when it may be as it is. */
export function batchProblem(value: unknown, place: BatchPlace): FulmineError | null {
  const { name, index, isStrict } = place;
  if (value === undefined || value === null)
    return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` is missing.`, {
      received: value,
      todo: "If a `collate` or `transform` makes it, let that return it.",
    });
  // One that holds itself could not be walked.
  outlineOf(value);
  const [tensors, first] = [tensorsIn(value), tensorsOfOutline(place.outline)];
  for (let at = 0; at < Math.max(tensors.length, first.length); at++) {
    const [now, before] = [tensors[at], first[at]];
    if (now === undefined || now.path !== before?.path) return oddFields(tensors, first, place);
    const isOtherwise = isStrict && !sameTrailing(now.shape, before.shape);
    if (!now.isDisposed && !isOtherwise) continue;
    const field = `${fieldOf(now.path)} of batch ${index} of \`${name}\``;
    if (now.isDisposed) {
      return new FulmineError("INVALID_DATA", `${field} is disposed.`, {
        todo: "Yield tensors that live until the next batch is asked for.",
      });
    }
    const shape = `[${before.shape.join(", ")}]`;
    return new FulmineError(
      "INVALID_DATA",
      `${field} must be shaped like the first batch's, ${shape}, but for the number of examples.`,
      {
        received: now.shape,
        todo: "Make all examples alike, or say that they differ: withVariableShapes(data).",
      },
    );
  }
  if (batchSizeOf(value) > 0) return null;
  return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` has no examples.`, {
    received: tensors.map(({ shape }) => shape),
    todo: "Leave empty batches out: the mean over no examples is no number.",
  });
}

function oddFields(
  tensors: readonly NamedTensor[],
  first: readonly NamedTensor[],
  { name, index }: BatchPlace,
): FulmineError {
  const missing = first.find(({ path }) => !tensors.some((tensor) => tensor.path === path));
  const added = tensors.find(({ path }) => !first.some((tensor) => tensor.path === path));
  let problem = "has its fields in another order than the first batch";
  if (missing !== undefined)
    problem = `lacks ${fieldOf(missing.path).toLowerCase()}, which the first batch has`;
  else if (added !== undefined)
    problem = `has ${fieldOf(added.path).toLowerCase()}, which the first batch has not`;
  return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` ${problem}.`, {
    todo: "Give all batches the same fields.",
  });
}

function fieldOf(path: string): string {
  return path === "" ? "The tensor" : `\`${path}\``;
}

/** The tensors of a batch with the paths to them, in plain objects and arrays. */
function tensorsIn(value: unknown, path = ""): NamedTensor[] {
  if (isTensor(value)) return [{ path, shape: value.shape, isDisposed: value.isDisposed }];
  if (!isContainer(value)) return [];
  return Object.keys(value).flatMap((key) => tensorsIn(value[key], pathTo(path, key)));
}

function tensorsOfOutline(outline: Outline, path = ""): NamedTensor[] {
  if (outline === null) return [];
  if ("shape" in outline) return [{ path, shape: outline.shape, isDisposed: false }];
  return outline.parts.flatMap(([key, part]) => tensorsOfOutline(part, pathTo(path, key)));
}

function pathTo(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
