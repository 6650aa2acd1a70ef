const circular: unknown[] = [];
circular.push(circular);
const thrower = {
  toString(): never {
    throw new Error("must not be called");
  },
};

/** Options that a search refuses, with a part of the message. */
export const refusedOptions: readonly [what: string, options: unknown, message: string][] = [
  ["null", null, "`findLr` takes its options as an object. Received: null"],
  ["a number instead of options", 100, "`findLr` takes its options as an object"],
  ["a list instead of options", [], "`findLr` takes its options as an object"],
  [
    "an inverted range",
    { minLr: 1, maxLr: 0.1 },
    "`maxLr` of `findLr` must be a finite number above `minLr` (1). Received: 0.1.",
  ],
  [
    "a rate of zero with exponential spacing",
    { minLr: 0 },
    "`minLr` of `findLr` must be a finite number above 0. Received: 0.",
  ],
  ["a bound of NaN", { maxLr: NaN }, "Received: NaN."],
  ["a string as a rate", { minLr: "1e-6" }, "`minLr` of `findLr` must be"],
  [
    "too few rates",
    { numTraining: 1 },
    "`numTraining` of `findLr` must be an integer of at least 2. Received: 1.",
  ],
  ["billions of rates", { numTraining: 2 ** 33 }, "`numTraining` of `findLr` must be at most 1000000"],
  ["a string as a number of rates", { numTraining: "100" }, "`numTraining` of `findLr` must be"],
  [
    "an unknown mode",
    { mode: "log" },
    '`mode` of `findLr` must be "exponential" or "linear". Received: "log".',
  ],
  [
    "rates that are almost equal",
    { minLr: 1, maxLr: 1 + 1e-15 },
    "is too close to `minLr` (1) for 100 rates",
  ],
  [
    "rates without a number between them",
    { minLr: 5e-324, maxLr: 1e-322 },
    "is too close to `minLr` (5e-324)",
  ],
  ["a growth that does not grow", { growth: 1 }, "`growth` of `findLr` must be a finite number above 1"],
  [
    "a growth together with a number of rates",
    { growth: 1.3, numTraining: 50 },
    "`growth` of `findLr` can't be combined with `numTraining`. Received: 1.3.",
  ],
  [
    "a growth with linear spacing",
    { growth: 1.3, mode: "linear" },
    '`growth` of `findLr` requires the mode "exponential"',
  ],
  ["a growth with billions of rates", { growth: 1 + 1e-9 }, "`growth` of `findLr` is too small"],
  ["the smallest growth", { growth: 1 + Number.EPSILON }, "the sweep would have more than 1000000 rates"],
  ["a beta of one", { beta: 1 }, "`beta` of `findLr` must be at least 0 and below 1. Received: 1."],
  ["a string as beta", { beta: "0.9" }, "`beta` of `findLr` must be"],
  ["a threshold of one", { earlyStopThreshold: 1 }, "must be above 1, or null. Received: 1."],
  ["a string as a threshold", { earlyStopThreshold: "4" }, "`earlyStopThreshold` of `findLr` must be"],
  [
    "too few steps for trials",
    { refine: 20 },
    "`refine` of `findLr` must be true, false or an integer of at least 36",
  ],
  ["a string as refine", { refine: "300" }, "`refine` of `findLr` must be"],
  ["null as refine", { refine: null }, "`refine` of `findLr` must be"],
  ["a symbol as refine", { refine: Symbol("much") }, "`refine` of `findLr` must be"],
  [
    "refine with another rule",
    { refine: true, rule: "valley" },
    '`refine` of `findLr` requires the rule "auto". Received: "valley".',
  ],
  [
    "refine with linear spacing",
    { refine: true, mode: "linear" },
    'requires the mode "exponential". Received: "linear".',
  ],
  [
    "a fraction as val",
    { val: 0.5 },
    "`val` of `findLr` must be true, false or a non-negative integer. Received: 0.5.",
  ],
  [
    "an interval of scores together with refine",
    { val: 5, refine: true },
    "must be true or false if `refine` is set. Received: 5.",
  ],
  ["a list as val", { val: [] }, "`val` of `findLr` must be"],
  ["a string as val", { val: "2" }, "`val` of `findLr` must be"],
  ["a circular list as val", { val: circular }, "`val` of `findLr` must be"],
  ["half a repeat", { repeats: 1.5 }, "`repeats` of `findLr` must be an integer of at least 1"],
  ["billions of repeats", { repeats: 2 ** 33 }, "`repeats` of `findLr` must be at most 10000"],
  ["a BigInt as repeats", { repeats: 3n }, "`repeats` of `findLr` must be"],
  [
    "repeats together with refine",
    { repeats: 2, refine: true },
    "can't be combined with `refine`: its trials all use the same batches",
  ],
  ["an unknown rule", { rule: "best" }, "`rule` of `findLr` must be a function or one of: auto,"],
  ["an unknown rule in a list", { rule: ["auto", "best"] }, 'or a list of these. Received: ["auto", "best"]'],
  ["an empty list of rules", { rule: [] }, "`rule` of `findLr` must be a function or one of"],
  ["a nested list of rules", { rule: [["valley"]] }, "`rule` of `findLr` must be"],
  ["an object that can't be a string as rule", { rule: thrower }, "`rule` of `findLr` must be"],
  ["a rule that is a property of every object", { rule: "constructor" }, "`rule` of `findLr` must be"],
  ["a negative index", { optimizer: -1 }, "`optimizer` of `findLr` must be the index of an optimizer"],
  [
    "an object that only looks like a signal",
    { signal: { aborted: false } },
    "`signal` of `findLr` must be an AbortSignal",
  ],
  ["a string as progress", { progress: "no" }, "`progress` of `findLr` must be true or false"],
  ["an unknown option", { steps: 3 }, "`findLr` has no option `steps`. Received: 3. It takes: minLr,"],
  [
    "a misspelt option",
    { numtraining: 9 },
    "`findLr` has no option `numtraining`. Received: 9. It takes: minLr",
  ],
];
