import { argMax, cast, gather, reshape, tensor1d, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isListOf, isObject, type Validator } from "../options/validators.js";
import { byOutput, type ByOutput } from "./byOutput.js";
import type { SymbolicTensorLike } from "./layersModelLike.js";

/** The weight of each class, by its index: `{ 0: 1, 1: 2.5 }`. */
export type ClassWeight = Readonly<Record<number, number>>;

/** The class weights of a model: those of its only output, or a list or an object with those of each output. */
export type ClassWeights = ClassWeight | ByOutput<ClassWeight>;

/** Class indices beyond it are taken for a mistake. */
const MAX_CLASSES = 1e6;

/** The weights of the classes of one output. */
export interface ClassTable {
  /** The name of the output, for messages. */
  readonly output: string;
  /** The weight of each class; NaN for a class that has none. */
  readonly weights: Float32Array;
  /** Size of the last dimension of the output. */
  readonly columns: number;
  /** Number of dimensions of the output. */
  readonly rank: number;
}

/** Validates the option `classWeight`. */
export const classWeightChoice: Validator = {
  expected: "an object from class indices to weights, or one for each output",
  test: (value) => isObject(value) && (!Array.isArray(value) || isListOf(value, (item) => isObject(item))),
  todo: "Pass e.g. { 0: 1, 1: 2.5 }.",
};

/**
 * Reads the option `classWeight`.
 *
 * @returns One table per output; `null` for an output without class weights.
 * @throws FulmineError `INVALID_OPTION`.
 */
export function classTablesFor(
  choices: ClassWeights | undefined,
  outputs: readonly SymbolicTensorLike[],
): (ClassTable | null)[] {
  if (choices === undefined) return outputs.map(() => null);
  const names = outputs.map(({ sourceLayer }) => sourceLayer.name);
  const each = isByOutput(choices) ? byOutput("classWeight", choices, names) : [choices];
  if (each.length !== names.length) {
    throw new FulmineError("INVALID_OPTION", "`classWeight` must say to which output the classes belong.", {
      received: choices,
      todo: `Pass e.g. { ${names[0] ?? "output"}: { 0: 1, 1: 2.5 } }. The outputs are: ${names.join(", ")}.`,
    });
  }
  return outputs.map((symbol, at) => {
    const own = each[at];
    return own === undefined ? null : tableOf(own, symbol);
  });
}

function isByOutput(choices: ClassWeights): choices is ByOutput<ClassWeight> {
  return Array.isArray(choices) || Object.values(choices).some((own) => isObject(own));
}

function tableOf(given: ClassWeight, { shape, sourceLayer: { name } }: SymbolicTensorLike): ClassTable {
  const columns = shape.at(-1) ?? null;
  if (columns === null) {
    throw new FulmineError(
      "INVALID_OPTION",
      `The output \`${name}\` has no known number of classes, so it can't have class weights.`,
      { todo: "Weight the examples instead: give the batch a `sampleWeight`." },
    );
  }
  const classes = columns > 1 ? columns : MAX_CLASSES;
  const entries = Object.entries(given).map(([key, weight]) => [Number(key), weight] as const);
  const odd = entries.find(
    ([index, weight]) =>
      !Number.isInteger(index) || index < 0 || index >= classes || !Number.isFinite(weight) || weight < 0,
  );
  if (odd !== undefined || entries.length === 0) {
    throw new FulmineError(
      "INVALID_OPTION",
      `\`classWeight\` of the output \`${name}\` must have a weight of at least 0 for class indices` +
        `${columns > 1 ? ` from 0 to ${columns - 1}` : ""}.`,
      { received: given, todo: "Pass e.g. { 0: 1, 1: 2.5 }." },
    );
  }
  const weights = new Float32Array(Math.max(...entries.map(([index]) => index)) + 1).fill(NaN);
  for (const [index, weight] of entries) weights[index] = weight;
  return { output: name, weights, columns, rank: shape.length };
}

/** Returns the class weight of each row of the targets, `[n, …]`. */
export function weightsOfClasses(targets: Tensor, { weights, columns, rank }: ClassTable): Tensor {
  const rows = targets.shape.at(-1) === 1 ? targets.shape.slice(0, -1) : targets.shape;
  const classes = areOneHot(targets, columns, rank) ? argMax(targets, -1) : reshape(targets, rows);
  return gather(tensor1d(weights), cast(classes, "int32"));
}

/** Tells whether targets are rows with a column per class, rather than class indices. */
function areOneHot({ shape }: Tensor, columns: number, rank: number): boolean {
  return columns > 1 && shape.length === rank && shape.at(-1) === columns;
}

/**
 * Checks that the targets of a batch belong to classes that have a weight.
 *
 * It reads the targets before the step. At that time a loader's batch is still in JavaScript memory.
 *
 * @throws FulmineError `INVALID_DATA`.
 */
export async function requireWeightedClasses(targets: Tensor, table: ClassTable): Promise<void> {
  const { output, weights, columns, rank } = table;
  const values = await targets.data();
  const width = areOneHot(targets, columns, rank) ? columns : 1;
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const highest = width === 1 ? (row[0] ?? NaN) : Math.max(...row);
    const index = width === 1 ? highest : row.indexOf(highest);
    const isOneClass = width === 1 || (index >= 0 && row.indexOf(highest, index + 1) < 0);
    if (isOneClass && !Number.isNaN(weights[index] ?? NaN)) continue;
    throw new FulmineError(
      "INVALID_DATA",
      isOneClass
        ? `\`classWeight\` has no weight for a class of the targets of the output \`${output}\`.`
        : `With \`classWeight\`, the targets of the output \`${output}\` must be one-hot rows or class indices.`,
      {
        received: isOneClass ? index : [...row],
        todo: isOneClass
          ? "Give a weight to each class that occurs; 1 leaves it as it is."
          : "For several labels per example, give the batch a `sampleWeight` instead.",
      },
    );
  }
}
