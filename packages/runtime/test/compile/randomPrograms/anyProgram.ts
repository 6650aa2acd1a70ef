import fc from "fast-check";
import { failingActs, plainActs, readingActs } from "./acts/acts.js";
import { endingChanges, plainChanges, readingChanges } from "./acts/changes.js";
import { placeNames } from "./numbersModule.js";
import { hookNames, type Hooked, type Program, type Statement } from "./program.js";
import { dataNames } from "./programData.js";
import { netNames } from "./programNet.js";
import { optimizerNames } from "./programOptimizers.js";
import { signatureNames } from "./signatures.js";
import { plainSources, valueSources } from "./sources.js";

/** Mostly always or once, so that there are periods without changes. */
const when = fc.oneof(
  { weight: 4, arbitrary: fc.record({ from: fc.constant(0), every: fc.constant(1) }) },
  { weight: 3, arbitrary: fc.record({ from: fc.nat(24), every: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ from: fc.nat(20), every: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ from: fc.nat(24), every: fc.constant(1) }) },
);
const seldom = fc.record({ from: fc.nat(30), every: fc.constantFrom(0, 0, 7, 11) });
const once = fc.record({ from: fc.integer({ min: 3, max: 30 }), every: fc.constant(0) });

/** Most numbers come from JavaScript; few come from the values of tensors. */
const source = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...plainSources) },
  { weight: 1, arbitrary: fc.constantFrom(...valueSources) },
);
const change = fc.constantFrom(...plainChanges);

const writing = fc.record({
  ...{ does: fc.constant("write" as const), to: fc.constantFrom(...placeNames) },
  when: fc.oneof({ weight: 4, arbitrary: seldom }, { weight: 1, arbitrary: when }),
});
const acting = fc.record({ does: fc.constantFrom(...plainActs), of: source, when });
const changing = fc.record({ does: change, of: fc.constantFrom(...plainSources), when: seldom });
const reading = fc.record({
  does: fc.constantFrom(...readingActs, ...readingChanges),
  of: source,
  when: seldom,
});
const failing = fc.record({
  ...{ does: fc.constantFrom(...failingActs, ...endingChanges), of: fc.constantFrom(...plainSources) },
  when: once,
});

const statement: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 24, arbitrary: acting },
  { weight: 8, arbitrary: writing },
  { weight: 6, arbitrary: changing },
  { weight: 1, arbitrary: reading },
  { weight: 1, arbitrary: failing },
);

/** Acts that fail in TensorFlow come last, because later effects of the step are undefined. */
const statements = fc.array(statement, { maxLength: 7 }).map((list) => {
  const isLast = ({ does }: Statement) => does === "outOfRange";
  return [...list.filter((each) => !isLast(each)), ...list.filter(isLast)];
});

/** Hooks between the gradients and the optimizer's step split a training step in two. */
const hooked: fc.Arbitrary<Hooked> = fc.record({
  hook: fc.constantFrom(...hookNames),
  by: fc.constantFrom("module" as const, "callback" as const),
  statement: fc.oneof(
    { weight: 5, arbitrary: writing },
    { weight: 5, arbitrary: changing },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{
          does: fc.constantFrom(...readingChanges, ...endingChanges),
          of: fc.constantFrom(...plainSources),
        },
        when: once,
      }),
    },
  ),
});

/** Programs with modules and training of every kind. */
export const anyProgram: fc.Arbitrary<Program> = fc.record({
  net: fc.constantFrom(...netNames),
  optimizer: fc.constantFrom(...optimizerNames),
  data: fc.constantFrom(...dataNames),
  signature: fc.constantFrom(...signatureNames),
  returns: fc.constantFrom("scalar" as const, "object" as const),
  steps: fc.integer({ min: 12, max: 32 }),
  batchesPerEpoch: fc.integer({ min: 3, max: 10 }),
  isLastShort: fc.boolean(),
  isManual: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
  accumulateGradBatches: fc.constantFrom(1, 1, 1, 2, 3),
  clip: fc.constantFrom("none" as const, "none" as const, "norm" as const, "value" as const),
  hasSchedule: fc.boolean(),
  fits: fc.constantFrom(1, 1, 1, 1, 1, 2),
  training: statements,
  validation: fc.option(statements, { freq: 1 }),
  hooks: fc.array(hooked, { maxLength: 4 }),
});
