import type { Variable } from "@tensorflow/tfjs-core";
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
import { isVariable } from "../tensors/isTensor.js";
import { RuleOptimizer } from "./ruleOptimizer.js";
import type { UpdateRule } from "./updateRule.js";

/** The options of an optimizer: a learning rate, any of its settings, and parameter groups with settings of their own. */
export type OptimizerOptions<Settings> = Partial<Settings> & {
  /** The learning rate: a finite number of at least 0. */
  readonly lr: number;
  /** Parameter groups. A group inherits each setting that it leaves out. @defaultValue one group of all parameters */
  readonly groups?: readonly (Partial<Settings> & {
    readonly params: readonly Variable[];
    readonly lr?: number;
  })[];
};

/**
 * Creates an optimizer from an update rule.
 *
 * Booleans among the settings must stay booleans, pairs must be two numbers from 0 to below 1, and numbers must be finite
 * and at least 0.
 *
 * @param defaults - A default for each setting.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 * @example
 * ```ts
 * const signSgd: UpdateRule<object, Record<never, never>, "lr"> = {
 *   name: "signSgd",
 *   slots: () => ({}),
 *   scalars: ({ lr }) => ({ lr }),
 *   update: ({ param, grad, scalars }) => ({ param: tf.sub(param, tf.mul(tf.sign(grad), scalars.lr)), slots: {} }),
 * };
 * const optimizer = makeOptimizer(signSgd, {}, { lr: 1e-3 });
 * ```
 */
export function makeOptimizer<Settings extends object>(
  rule: UpdateRule<Settings>,
  defaults: Settings,
  options: OptimizerOptions<Settings>,
): RuleOptimizer<Settings> {
  const settings = Object.entries(defaults).map(
    ([key, sample]) => [key, requirementOf(key, sample)] as const,
  );
  const requirements = { lr: rate, ...Object.fromEntries(settings) };
  const read = (given: object, base: object, more: Readonly<Record<string, Validator>>): Read<Settings> =>
    readOptions(rule.name, given, base, { ...requirements, ...more }) as Read<Settings>;
  const { groups, ...base } = read(options, defaults, { groups: optional(list) });
  const all = groups?.map((group) => read(group, base, { params: variables })) ?? [base];
  return new RuleOptimizer(
    rule,
    all.map(({ params, lr, ...rest }) => ({
      ...(params === undefined ? {} : { params }),
      lr,
      options: rest as object as Settings,
    })),
  );
}

/** Checked options: the optimizer's own, or a group's. */
type Read<Settings> = Settings & {
  readonly lr: number;
  readonly params?: readonly Variable[];
  readonly groups?: readonly object[];
};

/** The largest float32; larger numbers would become infinite. */
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

/** Decay rates of moving averages. At 1, an average would never change. */
const decayRates: readonly string[] = ["alpha", "rho"];

/** The requirement for a setting with a default. */
function requirementOf(key: string, sample: unknown): Validator {
  if (typeof sample === "boolean") return flag;
  if (Array.isArray(sample)) return pair;
  return decayRates.includes(key) ? unitInterval : scalar;
}
