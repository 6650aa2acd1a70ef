import type { Variable } from "@tensorflow/tfjs-core";
import { isVariable } from "../tensors/isTensor.js";
import { readOptions } from "../options/checkOptions.js";
import {
  flag,
  isListOf,
  isObject,
  notNegative,
  optional,
  unitInterval,
  type Validator,
} from "../options/validators.js";
import { RuleOptimizer } from "./ruleOptimizer.js";
import type { UpdateRule } from "./updateRule.js";

/** What every optimizer takes: a rate, its settings, and optionally parameters in groups with settings of their own. */
export type OptimizerOptions<Options> = Partial<Options> & {
  /** The learning rate. */
  readonly lr: number;
  /** Parameters with settings of their own; what a group leaves out it takes from the options beside it. */
  readonly groups?: readonly (Partial<Options> & {
    readonly params: readonly Variable[];
    readonly lr?: number;
  })[];
};

/**
 * Makes an optimizer from a rule, its default settings and what the user gave.
 *
 * @throws {@link FulmineError} `UNKNOWN_OPTION` or `INVALID_OPTION`, naming the setting.
 */
export function makeOptimizer<Options extends object>(
  rule: UpdateRule<Options>,
  defaults: Options,
  given: OptimizerOptions<Options>,
): RuleOptimizer<Options> {
  const settings = Object.entries(defaults).map(
    ([key, sample]) => [key, requirementOf(key, sample)] as const,
  );
  const requirements = { lr: rate, ...Object.fromEntries(settings) };
  const read = (own: object, base: object, more: Readonly<Record<string, Validator>>): Read<Options> =>
    readOptions(rule.name, own, base, { ...requirements, ...more }) as Read<Options>;
  const { groups, ...base } = read(given, defaults, { groups: optional(list) });
  const all = groups?.map((group) => read(group, base, { params: variables })) ?? [base];
  return new RuleOptimizer(
    rule,
    all.map(({ params, lr, ...options }) => ({
      ...(params === undefined ? {} : { params }),
      lr,
      options: options as object as Options,
    })),
  );
}

/** Settings that were checked: the optimizer's own, or a group's. */
type Read<Options> = Options & {
  readonly lr: number;
  readonly params?: readonly Variable[];
  readonly groups?: readonly object[];
};

/** The largest float32: what is computed with one above it is infinite. */
const LARGEST = 3.4028234663852886e38;

const scalar: Validator = {
  expected: "a finite number of at least 0 that float32 can hold",
  test: (value) => notNegative.test(value) && Number(value) <= LARGEST,
};

const rate: Validator = {
  ...scalar,
  todo: "Pass the learning rate, e.g. { lr: this.hparams.lr }.",
};

const list: Validator = {
  expected: "a list of groups",
  test: (value) => isListOf(value, (group) => isObject(group)),
};

const variables: Validator = {
  expected: "a list of variables",
  test: (value) => isListOf(value, isVariable),
  todo: "Pass e.g. findVariables(this.head).trainable.",
};

const pair: Validator = {
  expected: "two numbers from 0 to below 1",
  test: (value) => isListOf(value, unitInterval.test) && value.length === 2,
};

/** Settings that say how much of a running mean is kept: at 1 it would never take anything in. */
const keptShares: readonly string[] = ["alpha", "rho"];

/** What a setting must be whose default is `sample`. */
function requirementOf(key: string, sample: unknown): Validator {
  if (typeof sample === "boolean") return flag;
  if (Array.isArray(sample)) return pair;
  return keptShares.includes(key) ? unitInterval : scalar;
}
