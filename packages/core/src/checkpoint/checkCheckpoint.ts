import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import { count, nonNegativeInteger, flag, isListOf, oneOf } from "../options/validators.js";
import type { Checkpoint } from "./checkpoint.js";
import { anything, fields, invalidPart, leaf, listOf, nullOr, recordOf, type Schema } from "./schema.js";

/** Any number: computed numbers may be NaN or infinite. */
const number = leaf({ expected: "a number", test: (value) => typeof value === "number" });
const name = leaf({ expected: "a text", test: (value) => typeof value === "string" });
const whole = leaf(nonNegativeInteger);
const boolean = leaf(flag);

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const dtype = leaf(oneOf("float32", "int32", "bool"));
const shape = listOf(whole);

const tensor: Schema = (value, path) => {
  fields({ dtype, shape, values: anything })(value, path);
  const saved = value as { dtype: keyof typeof arrays; shape: readonly number[]; values: unknown };
  const { name: kind } = arrays[saved.dtype];
  // `instanceof` fails for arrays of another realm, such as a test runner's.
  if (Object.prototype.toString.call(saved.values) !== `[object ${kind}]`)
    throw invalidPart(`${path}.values`, `a ${kind}, because its dtype is ${saved.dtype}`, saved.values);
  const { length } = saved.values as Float32Array;
  const size = saved.shape.reduce((product, side) => product * side, 1);
  if (length === size) return;
  throw new FulmineError(
    "INVALID_CHECKPOINT",
    `\`${path}\` has ${counted(length, "value")} in the checkpoint, and its shape needs ${size}.`,
    { received: saved.shape, todo: "Use another checkpoint: this one was changed." },
  );
};

/** The four words of a random generator's state. If all were 0, the generator would return only zeros. */
const random = leaf({
  expected: "a list of four 32-bit numbers that are not all 0",
  test: (value) =>
    isListOf(value, (word) => Number.isInteger(word) && (Number(word) | 0) === word) &&
    value.length === 4 &&
    value.some((word) => word !== 0),
});

/** Plain data that JSON preserves. */
const plain: Schema = (value, path) => {
  if (Array.isArray(value)) listOf(plain)(value, path);
  else if (typeof value === "object" && value !== null) recordOf(plain)(value, path);
  else if (value !== null && !["number", "string", "boolean"].includes(typeof value))
    throw invalidPart(path, "plain data", value);
};

const optimizer = fields({
  name,
  groups: listOf(fields({ lr: number, options: recordOf(anything) })),
  params: listOf(fields({ name, shape, step: whole, slots: recordOf(tensor) })),
  shared: recordOf(tensor),
});

const scheduler = fields({
  name,
  step: whole,
  groups: listOf(fields({ lr: number, momentum: nullOr(number), base: number, state: nullOr(plain) })),
});

const optional =
  (schema: Schema): Schema =>
  (value, path) => {
    if (value !== undefined) schema(value, path);
  };

const entry = fields({
  phase: leaf(oneOf("train", "validate", "test")),
  ...{ onStep: boolean, onEpoch: boolean, progBar: boolean, logger: boolean, isFresh: boolean },
  ...{ sum: number, weight: number, last: optional(number), mean: optional(number) },
  ...{ isLoss: optional(boolean), isCurrent: optional(boolean) },
});

const keyedEntry: Schema = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2)
    throw invalidPart(path, "a pair of a key and an entry", value);
  const [key, saved] = value as [unknown, unknown];
  entry(saved, `${path}[1]`);
  const { phase } = saved as { readonly phase: string };
  if (typeof key !== "string" || !key.startsWith(`${phase}/`))
    throw invalidPart(`${path}[0]`, `a text that begins with "${phase}/"`, key);
};

const progress = fields({
  ...{ currentEpoch: whole, batchIdx: whole, globalStep: whole },
  accumulateGradBatches: leaf(count),
  phase: leaf(oneOf("starting", "training", "trained", "ended")),
  isValidationPending: boolean,
  isSchedulePending: optional(boolean),
  history: optional(
    listOf(fields({ epoch: leaf(count), steps: whole, metrics: recordOf(number), lr: recordOf(number) })),
  ),
  epochRates: optional(recordOf(number)),
  random,
  metrics: fields({
    ...{ callbackMetrics: recordOf(number), progressMetrics: recordOf(number) },
    entries: listOf(keyedEntry),
  }),
});

const loader = nullOr(
  fields({
    passes: whole,
    pass: nullOr(fields({ random: nullOr(random), size: whole, batchSize: leaf(count) })),
    next: nullOr(random),
    // Only sources that repeat their first pass have it.
    first: optional(nullOr(random)),
  }),
);

const contents = fields({
  hparams: fields({}),
  variables: listOf(fields({ name, value: tensor })),
  optimizers: listOf(optimizer),
  schedulers: listOf(scheduler),
  progress,
  ...{ train: loader, val: loader },
  callbacks: recordOf(anything),
  extra: recordOf(anything),
});

/**
 * Checks the fields of a checkpoint, their types and their sizes. Whether the checkpoint matches a module is checked when
 * it is restored.
 *
 * @throws FulmineError `INVALID_CHECKPOINT`, naming the field that is not valid.
 */
export function checkCheckpoint(checkpoint: unknown): Checkpoint {
  try {
    check(checkpoint);
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("INVALID_CHECKPOINT", "The checkpoint can't be read: one of its getters throws.", {
      received: checkpoint,
      todo: "Pass plain data, as trainer.checkpoint() returns it.",
      cause,
    });
  }
  return checkpoint as Checkpoint;
}

function check(checkpoint: unknown): void {
  fields({})(checkpoint, "");
  const { version } = checkpoint as { readonly version?: unknown };
  if (version !== 1) {
    throw new FulmineError("INVALID_CHECKPOINT", "The checkpoint was made by another version of Fulmine.", {
      received: version,
      todo: "This version of Fulmine reads checkpoints of version 1.",
    });
  }
  contents(checkpoint, "");
}
