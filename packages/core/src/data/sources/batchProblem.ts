import { FulmineError } from "../../errors/fulmineError.js";
import { batchSizeOf } from "../../tensors/batch.js";
import { isTensor } from "../../tensors/isTensor.js";
import { isContainer, sameTrailing, structureOf, type BatchStructure } from "./batchStructure.js";

/** A batch's position, and what it is compared with. */
export interface BatchContext {
  /** The name of the data, for messages. */
  readonly name: string;
  /** The index of the batch, counted from 0. */
  readonly index: number;
  /** The structure of the first batch. */
  readonly structure: BatchStructure;
  /** Whether all batches must have the shapes of the first, apart from the number of examples. */
  readonly isStrict: boolean;
}

interface NamedTensor {
  readonly path: string;
  readonly shape: readonly number[];
  readonly isDisposed: boolean;
}

/** Finds what is wrong with a batch, and describes it in an error; returns `null` if the batch is valid. */
export function batchProblem(value: unknown, context: BatchContext): FulmineError | null {
  const { name, index, isStrict } = context;
  if (value === undefined || value === null)
    return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` is missing.`, {
      received: value,
      todo: "If a `collate` or `transform` makes it, return it there.",
    });
  // Throws for a batch that contains itself, which `tensorsIn` could not walk.
  structureOf(value);
  const [tensors, first] = [tensorsIn(value), tensorsOfStructure(context.structure)];
  for (let at = 0; at < Math.max(tensors.length, first.length); at++) {
    const [now, before] = [tensors[at], first[at]];
    if (now === undefined || now.path !== before?.path) return fieldProblem(tensors, first, context);
    const hasOtherShape = isStrict && !sameTrailing(now.shape, before.shape);
    if (!now.isDisposed && !hasOtherShape) continue;
    const field = `${fieldOf(now.path)} of batch ${index} of \`${name}\``;
    if (now.isDisposed) {
      return new FulmineError("INVALID_DATA", `${field} is disposed.`, {
        todo: "Yield tensors that live until the next batch is requested.",
      });
    }
    const shape = `[${before.shape.join(", ")}]`;
    return new FulmineError(
      "INVALID_DATA",
      `${field} must have the shape of the first batch, ${shape}, apart from the number of examples.`,
      {
        received: now.shape,
        todo: "Give all examples the same shape, or allow several: withVariableShapes(data).",
      },
    );
  }
  if (batchSizeOf(value) > 0) return null;
  return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` has no examples.`, {
    received: tensors.map(({ shape }) => shape),
    todo: "Leave empty batches out: the mean of no examples is NaN.",
  });
}

function fieldProblem(
  tensors: readonly NamedTensor[],
  first: readonly NamedTensor[],
  { name, index }: BatchContext,
): FulmineError {
  const missing = first.find(({ path }) => !tensors.some((tensor) => tensor.path === path));
  const added = tensors.find(({ path }) => !first.some((tensor) => tensor.path === path));
  let problem = "has its fields in a different order than the first batch";
  if (missing !== undefined)
    problem = `lacks ${fieldOf(missing.path).toLowerCase()}, which the first batch has`;
  else if (added !== undefined)
    problem = `has ${fieldOf(added.path).toLowerCase()}, which the first batch lacks`;
  return new FulmineError("INVALID_DATA", `Batch ${index} of \`${name}\` ${problem}.`, {
    todo: "Give all batches the same fields.",
  });
}

function fieldOf(path: string): string {
  return path === "" ? "The tensor" : `\`${path}\``;
}

/** Lists the tensors in a batch, with their paths. */
function tensorsIn(value: unknown, path = ""): NamedTensor[] {
  if (isTensor(value)) return [{ path, shape: value.shape, isDisposed: value.isDisposed }];
  if (!isContainer(value)) return [];
  return Object.keys(value).flatMap((key) => tensorsIn(value[key], join(path, key)));
}

function tensorsOfStructure(structure: BatchStructure, path = ""): NamedTensor[] {
  if (structure === null) return [];
  if ("shape" in structure) return [{ path, shape: structure.shape, isDisposed: false }];
  return structure.parts.flatMap(([key, part]) => tensorsOfStructure(part, join(path, key)));
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
