import { FulmineError } from "../errors/fulmineError.js";
import { count, nonNegativeInteger, flag, isListOf, oneOf } from "../options/validators.js";
import type { Checkpoint } from "./checkpoint.js";
import { anything, fields, leaf, listOf, nullOr, recordOf, unfit, type Shape } from "./shapes.js";

/** Any number: what was computed may be NaN or infinite. */
const number = leaf({ expected: "a number", test: (value) => typeof value === "number" });
const name = leaf({ expected: "a text", test: (value) => typeof value === "string" });
const whole = leaf(nonNegativeInteger);
const isTrue = leaf(flag);

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const dtype = leaf(oneOf("float32", "int32", "bool"));
const shape = listOf(whole);

const tensor: Shape = (value, path) => {
  fields({ dtype, shape, values: anything })(value, path);
  const saved = value as { dtype: keyof typeof arrays; shape: readonly number[]; values: unknown };
  const { name: kind } = arrays[saved.dtype];
  // An array of another realm, such as a test runner's, is no instance of this one's.
  if (Object.prototype.toString.call(saved.values) !== `[object ${kind}]`)
    throw unfit(`${path}.values`, `a ${kind}, for its dtype is ${saved.dtype}`, saved.values);
  const { length } = saved.values as Float32Array;
  if (length === saved.shape.reduce((size, side) => size * side, 1)) return;
  throw new FulmineError(
    "INVALID_CHECKPOINT",
    `\`${path}\` has ${length} values in the checkpoint, which its shape does not hold.`,
    { received: saved.shape, todo: "Use another checkpoint: this one was changed." },
  );
};

/** The four words of a generator's state; with all of them 0 it would give nothing but zeros. */
const random = leaf({
  expected: "a list of four 32-bit numbers that are not all 0",
  test: (value) =>
    isListOf(value, (word) => Number.isInteger(word) && (Number(word) | 0) === word) &&
    value.length === 4 &&
    value.some((word) => word !== 0),
});

/** What survives JSON. */
const plain: Shape = (value, path) => {
  if (Array.isArray(value)) listOf(plain)(value, path);
  else if (typeof value === "object" && value !== null) recordOf(plain)(value, path);
  else if (value !== null && !["number", "string", "boolean"].includes(typeof value))
    throw unfit(path, "plain data", value);
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

const entry = fields({
  phase: leaf(oneOf("train", "validate", "test")),
  ...{ onStep: isTrue, onEpoch: isTrue, progBar: isTrue, logger: isTrue, isFresh: isTrue },
  ...{ sum: number, weight: number },
});

const keyedEntry: Shape = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2) throw unfit(path, "a pair of a key and an entry", value);
  const [key, saved] = value as [unknown, unknown];
  entry(saved, `${path}[1]`);
  const { phase } = saved as { readonly phase: string };
  if (typeof key !== "string" || !key.startsWith(`${phase}/`))
    throw unfit(`${path}[0]`, `a text that begins with "${phase}/"`, key);
};

const optional =
  (given: Shape): Shape =>
  (value, path) => {
    if (value !== undefined) given(value, path);
  };

const progress = fields({
  ...{ currentEpoch: whole, batchIdx: whole, globalStep: whole },
  accumulateGradBatches: leaf(count),
  phase: leaf(oneOf("starting", "training", "trained", "ended")),
  isValidationPending: isTrue,
  isSchedulePending: optional(isTrue),
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
    // Of a source that repeats its first pass.
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
 * Checks a checkpoint as a whole, whoever has made it: its fields, their types and their sizes. Whether it is of this
 * module is for those to say who take it up.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT`, naming what is not as it must be.
 */
export function checkCheckpoint(checkpoint: unknown): Checkpoint {
  try {
    check(checkpoint);
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("INVALID_CHECKPOINT", "The checkpoint can't be read: a getter of its throws.", {
      received: checkpoint,
      todo: "Pass one of plain data, as trainer.checkpoint() makes it.",
      cause,
    });
  }
  return checkpoint as Checkpoint;
}

function check(checkpoint: unknown): void {
  fields({})(checkpoint, "");
  const { version } = checkpoint as { readonly version?: unknown };
  if (version !== 1) {
    throw new FulmineError("INVALID_CHECKPOINT", "The checkpoint is of another version of Fulmine.", {
      received: version,
      todo: "This one reads version 1.",
    });
  }
  contents(checkpoint, "");
}
