import { FulmineError } from "../errors/fulmineError.js";

/** What precedes the names of the logged losses and metrics. */
export const PREFIXES = { train: "", val: "val_", test: "test_" } as const;

/** What a model logs for an output. */
export interface OutputLog {
  /** The name of its loss; `null` for the only output, whose loss is the total. */
  readonly loss: string | null;
  /** The names of its metrics. */
  readonly metrics: readonly string[];
}

/**
 * The names of outputs in the log. Several outputs of one layer are numbered, as in Keras: `head`, `head_1`.
 *
 * @param outputs - The names of the outputs' layers.
 */
export function outputLabels(outputs: readonly string[]): string[] {
  return outputs.map((name, at) => {
    const earlier = outputs.slice(0, at).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}_${earlier}`;
  });
}

/**
 * Checks that a model logs each value under a name of its own. Two values under one name would be averaged, and an output called
 * `val` would log its training loss as `val_loss`.
 *
 * @throws FulmineError `INVALID_OPTION`.
 */
export function requireDistinctLogs(outputs: readonly OutputLog[]): void {
  const own = [
    "loss",
    ...outputs.flatMap(({ loss, metrics }) => [...(loss === null ? [] : [loss]), ...metrics]),
  ];
  const all = Object.values(PREFIXES).flatMap((prefix) => own.map((name) => prefix + name));
  const twice = all.find((name, at) => all.indexOf(name) !== at);
  if (twice === undefined) return;
  throw new FulmineError("INVALID_OPTION", `\`fromLayers\` would log two values as \`${twice}\`.`, {
    todo:
      'Name the metrics yourself, e.g. { acc: "accuracy", error: myError }' +
      (outputs.length > 1 ? ", or give another name to the layer of an output." : "."),
  });
}
