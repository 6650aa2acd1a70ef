import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
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
  const { lr, groups, ...own } = given;
  const base = { ...defaults, ...definedOnly(own) };
  check(rule.name, defaults, { lr, ...own });
  const rest = { lr, options: base };
  if (groups === undefined) return new RuleOptimizer(rule, [rest]);
  const named = groups.map(({ params, lr: groupLr = lr, ...settings }) => {
    check(rule.name, defaults, { lr: groupLr, ...settings });
    return { params, lr: groupLr, options: { ...base, ...definedOnly(settings) } };
  });
  return new RuleOptimizer(rule, named);
}

function check(name: string, defaults: object, given: Readonly<Record<string, unknown>>): void {
  const samples: Readonly<Record<string, unknown>> = { lr: 0, ...defaults };
  for (const [key, value] of Object.entries(given)) {
    if (!(key in samples)) {
      throw new FulmineError("UNKNOWN_OPTION", `\`${name}\` has no option \`${key}\`.`, {
        received: value,
        todo: `It takes: ${Object.keys(samples).join(", ")}, groups.`,
      });
    }
    const isLeftOut = value === undefined && key !== "lr";
    const need = isLeftOut ? null : unmet(key, samples[key], value);
    if (need === null) continue;
    throw new FulmineError("INVALID_OPTION", `\`${key}\` of \`${name}\` must be ${need}.`, {
      received: value,
      ...(key === "lr" ? { todo: "Pass the learning rate, e.g. { lr: this.hparams.lr }." } : {}),
    });
  }
}

/** Settings that say how much of a running mean is kept: at 1 it would never take anything in. */
const keptShares: readonly string[] = ["alpha", "rho"];

/** What a setting of the kind of `sample` must be, when `value` is not; `null` when it is. */
function unmet(key: string, sample: unknown, value: unknown): string | null {
  if (typeof sample === "boolean") return typeof value === "boolean" ? null : "true or false";
  if (Array.isArray(sample)) {
    const isPair = Array.isArray(value) && value.length === 2 && value.every(isShare);
    return isPair ? null : "two numbers from 0 to below 1";
  }
  if (keptShares.includes(key)) return isShare(value) ? null : "a number from 0 to below 1";
  return isUsable(value) ? null : "a finite number of at least 0";
}

function isShare(value: unknown): boolean {
  return isUsable(value) && Number(value) < 1;
}

function isUsable(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
