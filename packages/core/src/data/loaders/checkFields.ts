import { counted } from "../../errors/counted.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { isTensor } from "../../tensors/isTensor.js";
import { isNumberArray, isShape, shapeSize, type Field } from "../field.js";

/**
 * Checks the fields of a data set.
 *
 * @returns The number of examples.
 * @throws FulmineError `INVALID_DATA` or `EMPTY_DATA`, with the name of the field.
 */
export function checkFields(fields: readonly (readonly [name: string, field: Field])[]): number {
  const counts = fields.map(([name, field]) => [name, countRows(name, field)] as const);
  const [first, ...others] = counts;
  if (first === undefined) {
    throw new FulmineError("INVALID_DATA", "A DataLoader needs at least one field.", {
      todo: "Pass e.g. { xs, ys }.",
    });
  }
  const odd = others.find(([, count]) => count !== first[1]);
  if (odd !== undefined) {
    throw new FulmineError(
      "INVALID_DATA",
      `The fields \`${first[0]}\` and \`${odd[0]}\` must have the same number of rows.`,
      { received: [first[1], odd[1]] },
    );
  }
  if (first[1] === 0) {
    throw new FulmineError("EMPTY_DATA", `The field \`${first[0]}\` has no rows.`, {
      todo: "Pass at least one example.",
    });
  }
  return first[1];
}

function countRows(name: string, field: unknown): number {
  if (isTensor(field)) {
    if (field.isDisposed) {
      throw new FulmineError("INVALID_DATA", `The field \`${name}\` is disposed.`, {
        todo: "Keep a loader's tensors until you no longer read it.",
      });
    }
    if (field.rank > 0) return field.shape[0];
    throw new FulmineError(
      "INVALID_DATA",
      `The field \`${name}\` must have a row per example, but is a scalar.`,
      { todo: "Pass a tensor whose first dimension is the number of examples." },
    );
  }
  if (isNumberArray(field)) {
    requireInt32(name, field);
    return field.length;
  }
  if (
    typeof field === "object" &&
    field !== null &&
    "values" in field &&
    "shape" in field &&
    isNumberArray(field.values)
  ) {
    requireInt32(name, field.values);
    const { shape } = field;
    if (!isShape(shape)) {
      throw new FulmineError(
        "INVALID_DATA",
        `The \`shape\` of the field \`${name}\` must be a list of integers of at least 0.`,
        { received: shape },
      );
    }
    if (shape.length > 0 && shapeSize(shape) === field.values.length) return shape[0] ?? 0;
    throw new FulmineError(
      "INVALID_DATA",
      `The field \`${name}\` has ${counted(field.values.length, "value", "values")}, which do not fit its shape.`,
      { received: shape },
    );
  }
  throw new FulmineError(
    "INVALID_DATA",
    `The field \`${name}\` must be a tensor, a typed array or { values, shape }.`,
    { received: field },
  );
}

/** Integers become int32 in batches, where larger ones would overflow to negative numbers. */
function requireInt32(name: string, values: ArrayBufferView): void {
  if (!(values instanceof Uint32Array)) return;
  const odd = values.find((value) => value >= 2 ** 31);
  if (odd === undefined) return;
  throw new FulmineError("INVALID_DATA", `The field \`${name}\` has a number that int32 can't hold.`, {
    received: odd,
    todo: "Pass a Float32Array.",
  });
}
