import { FulmineError } from "../../errors/fulmineError.js";
import { isObject } from "../../options/validators.js";
import { isTensor } from "../../tensors/isTensor.js";
import { isNumberArray, type Field } from "../field.js";

/** The label of an example. */
export type Label = string | number | boolean;

/** The labels of all examples: the name of the field that holds them, or a list. */
export type Labels = string | ArrayLike<Label>;

/**
 * Returns the label of each example as text.
 *
 * In a field with several columns, the label of an example is its whole row: one-hot rows are labels too.
 *
 * @throws FulmineError `INVALID_OPTION` if there is no such field, if the list has another length, or if a label is none.
 */
export function labelsBy(
  by: Labels | ((...given: never[]) => Label),
  data: unknown,
  count: number,
): string[] {
  if (typeof by === "string") return rowsOf(fieldNamed(by, data), count);
  if (typeof by === "function") {
    const labelOf = by as (...given: unknown[]) => unknown;
    const examples: readonly unknown[] | null = Array.isArray(data) ? data : null;
    return Array.from({ length: count }, (_, index) =>
      toText(examples === null ? labelOf(index) : labelOf(examples[index], index)),
    );
  }
  if (by.length === count) return Array.from(by, toText);
  throw new FulmineError(
    "INVALID_OPTION",
    `\`stratify\` of \`split\` must have one label for each of the ${count} examples.`,
    { received: by },
  );
}

function fieldNamed(name: string, data: unknown): Field {
  const isPlain = isObject(data) && Object.getPrototypeOf(data) === Object.prototype;
  if (isPlain && Object.hasOwn(data, name)) return Reflect.get(data, name) as Field;
  throw new FulmineError("INVALID_OPTION", `The data to split has no field \`${name}\` to stratify by.`, {
    todo: isPlain
      ? `Its fields are: ${Object.keys(data).join(", ")}.`
      : "Pass a list with one label per example, or a function.",
  });
}

/** The rows of a field as texts. */
function rowsOf(field: Field, count: number): string[] {
  const values = isTensor(field) ? field.dataSync() : isNumberArray(field) ? field : field.values;
  const width = values.length / count;
  return Array.from({ length: count }, (_, row) =>
    width === 1 ? toText(values[row]) : values.slice(row * width, (row + 1) * width).join(" "),
  );
}

function toText(label: unknown): string {
  const isLabel =
    typeof label === "string" ||
    typeof label === "boolean" ||
    (typeof label === "number" && !Number.isNaN(label));
  if (isLabel) return String(label);
  throw new FulmineError("INVALID_OPTION", "`stratify` of `split` must give a text or a number as label.", {
    received: label,
  });
}
