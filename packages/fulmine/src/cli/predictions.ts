import { FulmineError } from "@fulmine/core";
import type { Tensor, TensorContainer } from "@tensorflow/tfjs";
import { stringify } from "csv-stringify/sync";

/** The prediction for one example: a number, or nested lists or an object of them. */
export type Prediction = number | string | readonly Prediction[] | { readonly [name: string]: Prediction };

/**
 * Checks that a batch's predictions are tensors with one row per example.
 *
 * @throws FulmineError `INVALID_STEP` if a tensor has no rows, or another number of them than the others, or if there is
 * something else than tensors.
 */
export function requireRows(outputs: TensorContainer): void {
  const other = [...othersIn(outputs, "")][0];
  if (other !== undefined) {
    throw new FulmineError(
      "INVALID_STEP",
      `\`predictStep\` must return tensors only, but ${other} is none.`,
      {
        todo: "Leave it out, or give it as a tensor with one row per example.",
      },
    );
  }
  const all = [...tensorsOf(outputs)];
  const [first] = all;
  const isRows =
    first !== undefined &&
    first.rank > 0 &&
    all.every(({ rank, shape }) => rank > 0 && shape[0] === first.shape[0]);
  if (isRows) return;
  throw new FulmineError("INVALID_STEP", "`predictStep` must return tensors with one row per example.", {
    received: all.map(({ shape }) => `[${shape.join(", ")}]`),
    todo: "Let the first dimension of each be the batch, or call trainer.predict in a program of your own.",
  });
}

/** Reads the predictions of all batches, one entry per example, and disposes their tensors. */
export async function readPredictions(batches: readonly TensorContainer[]): Promise<readonly Prediction[]> {
  const rows = await Promise.all(batches.map(rowsOf));
  for (const outputs of batches) for (const tensor of tensorsOf(outputs)) tensor.dispose();
  return rows.flat();
}

/** The predictions as JSON, one entry per line; NaN and infinities are texts. */
export function toJson(predictions: readonly Prediction[]): string {
  const lines = predictions.map((prediction) => JSON.stringify(prediction, exact));
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
}

/** The predictions as CSV: one row per example, and one column per number, e.g. `scores_0`, `scores_1`. */
export function toCsv(predictions: readonly Prediction[]): string {
  const rows = predictions.map((prediction) => new Map(cellsOf(prediction, "")));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  return stringify([columns, ...rows.map((row) => columns.map((column) => String(row.get(column) ?? "")))]);
}

function exact(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function cellsOf(prediction: Prediction, name: string): (readonly [string, number | string])[] {
  if (typeof prediction !== "object") return [[name === "" ? "prediction" : name, prediction]];
  const before = name === "" ? (Array.isArray(prediction) ? "prediction_" : "") : `${name}_`;
  return Object.entries(prediction as Readonly<Record<string, Prediction>>).flatMap(([key, child]) =>
    cellsOf(child, `${before}${key}`),
  );
}

async function rowsOf(outputs: TensorContainer): Promise<readonly Prediction[]> {
  if (isTensor(outputs)) return (await outputs.array()) as readonly Prediction[];
  const entries = Object.entries(outputs as Readonly<Record<string, TensorContainer>>);
  const columns = await Promise.all(
    entries.map(async ([name, child]) => [name, await rowsOf(child)] as const),
  );
  const [first] = columns;
  const isList = Array.isArray(outputs);
  return (first?.[1] ?? []).map((_, row) => {
    const values = columns.map(([name, rows]) => [name, rows[row] as Prediction] as const);
    return isList ? values.map(([, value]) => value) : Object.fromEntries(values);
  });
}

/** The places of what is no tensor. */
function* othersIn(outputs: unknown, place: string): Generator<string> {
  if (isTensor(outputs)) return;
  if (typeof outputs !== "object" || outputs === null) yield place === "" ? "its result" : `\`${place}\``;
  else
    for (const [key, child] of Object.entries(outputs))
      yield* othersIn(child, place === "" ? key : `${place}.${key}`);
}

function* tensorsOf(outputs: unknown): Generator<Tensor> {
  if (isTensor(outputs)) yield outputs;
  else if (typeof outputs === "object" && outputs !== null)
    for (const child of Object.values(outputs)) yield* tensorsOf(child);
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "rank" in value && "dataId" in value;
}
