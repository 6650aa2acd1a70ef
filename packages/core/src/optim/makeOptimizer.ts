import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { Optimizer } from "./optimizer.js";
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
): Optimizer<Options> {
  const { lr, groups, ...own } = given;
  const base = { ...defaults, ...definedOnly(own) };
  check(rule.name, defaults, { lr, ...own });
  const rest = { lr, options: base };
  if (groups === undefined) return new Optimizer(rule, [rest]);
  const named = groups.map(({ params, lr: groupLr = lr, ...settings }) => {
    check(rule.name, defaults, { lr: groupLr, ...settings });
    return { params, lr: groupLr, options: { ...base, ...definedOnly(settings) } };
  });
  return new Optimizer(rule, named);
}

function check(name: string, defaults: object, given: Readonly<Record<string, unknown>>): void {
  const allowed = ["lr", ...Object.keys(defaults)];
  for (const [key, value] of Object.entries(given)) {
    if (!allowed.includes(key)) {
      throw new FulmineError("UNKNOWN_OPTION", `\`${name}\` has no option \`${key}\`.`, {
        received: value,
        todo: `It takes: ${allowed.join(", ")}, groups.`,
      });
    }
    const numbers: unknown[] = Array.isArray(value) ? value : [value];
    if (numbers.every((number) => typeof number === "boolean" || isUsable(number) || number === undefined))
      continue;
    throw new FulmineError(
      "INVALID_OPTION",
      `\`${key}\` of \`${name}\` must be a finite number of at least 0.`,
      {
        received: value,
      },
    );
  }
  if (!isUsable(given["lr"])) {
    throw new FulmineError("INVALID_OPTION", `\`lr\` of \`${name}\` must be a finite number of at least 0.`, {
      received: given["lr"],
      todo: "Pass the learning rate, e.g. { lr: this.hparams.lr }.",
    });
  }
}

function isUsable(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
