import { jsonValue, type JsonValue } from "./jsonValue.js";

/**
 * Hyperparameters without nesting, for places that only take single values: `{ optim: { lr: 0.1 } }` becomes
 * `{ "optim.lr": 0.1 }`, the same path that `autoLrFind` takes.
 *
 * Lists become JSON text, `null` becomes `"null"`, and numbers that are not finite become text as well.
 */
export function flatHparams(
  hparams: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  // Spread, so that the fields of hyperparameters that are an instance of a class are seen.
  return Object.fromEntries(leaves(jsonValue({ ...hparams }), ""));
}

function leaves(value: JsonValue, path: string): [path: string, leaf: string | number | boolean][] {
  if (typeof value !== "object") return [[path, value]];
  const isBranch = value !== null && !Array.isArray(value) && (path === "" || Object.keys(value).length > 0);
  if (!isBranch) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}
