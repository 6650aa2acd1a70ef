import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";

/** What batches have in common: a tensor's shape, the parts of an object or array by their keys in order, or a plain value. */
export type Outline = { readonly shape: readonly number[] } | { readonly parts: readonly Part[] } | null;
type Part = readonly [key: string, outline: Outline];

/** No batch is nested deeper; one that holds itself is nested without end. */
const DEEPEST = 64;

/**
 * The outline of a batch.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when it holds itself.
 */
export function outlineOf(value: unknown, depth = 0): Outline {
  if (isTensor(value)) return { shape: value.shape };
  if (!isContainer(value)) return null;
  if (depth === DEEPEST) {
    throw new FulmineError(
      "INVALID_DATA",
      `A batch holds itself, or is nested deeper than ${DEEPEST} times.`,
      {
        todo: "Yield tensors in plain objects and lists, e.g. { xs, ys }.",
      },
    );
  }
  return { parts: Object.keys(value).map((key): Part => [key, outlineOf(value[key], depth + 1)]) };
}

/**
 * Whether a batch is surely as an outline says, with all its tensors there.
 *
 * @param isStrict - Whether they must be shaped alike, but for the number of examples.
 */
export function isAlike(value: unknown, outline: Outline, isStrict: boolean): boolean {
  if (isTensor(value)) {
    const shape = outline !== null && "shape" in outline ? outline.shape : null;
    return shape !== null && !value.isDisposed && (!isStrict || sameTrailing(value.shape, shape));
  }
  if (!isContainer(value)) return outline === null;
  if (outline === null || !("parts" in outline)) return false;
  let at = 0;
  for (const key in value) {
    const part = outline.parts[at++];
    if (part?.[0] !== key || !isAlike(value[key], part[1], isStrict)) return false;
  }
  return at === outline.parts.length;
}

/** Whether two shapes are the same but for the first dimension. */
export function sameTrailing(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => axis === 0 || length === b[axis]);
}

/** Whether a value may hold tensors. */
export function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
