import { FulmineError } from "../errors/fulmineError.js";
import { adagrad } from "../optim/rules/adagrad.js";
import { adam, adamw } from "../optim/rules/adam.js";
import { adamax } from "../optim/rules/adamax.js";
import type { OptimizerConfig } from "../module/optimizerConfig.js";
import { sgd } from "../optim/rules/sgd.js";
import { tfjsAdadelta } from "./tfjsAdadelta.js";
import { tfjsRmsprop } from "./tfjsRmsprop.js";

/** Makes an optimizer of a learning rate: `adam` itself, or e.g. `({ lr }) => sgd({ lr, momentum: 0.9 })`. */
export type OptimizerMaker = (options: { readonly lr: number }) => OptimizerConfig;

/** An optimizer with the rate that it has when none is given. */
export interface ChosenOptimizer {
  readonly lr: number;
  readonly make: OptimizerMaker;
}

/** By tfjs's names, with its default rates, settings and results; it has no AdamW, and that is PyTorch's. */
const byName = {
  sgd: { lr: 0.01, make: sgd },
  adam: { lr: 0.001, make: ({ lr }) => adam({ lr, eps: 1e-7 }) },
  adamw: { lr: 0.001, make: adamw },
  adamax: { lr: 0.002, make: ({ lr }) => adamax({ lr, eps: 1e-7 }) },
  adagrad: { lr: 0.01, make: ({ lr }) => adagrad({ lr, initialAccumulator: 0.1, eps: 1e-7 }) },
  adadelta: { lr: 1, make: tfjsAdadelta },
  rmsprop: { lr: 0.001, make: tfjsRmsprop },
} as const satisfies Readonly<Record<string, ChosenOptimizer>>;

/** The name of an optimizer. */
export type OptimizerName = keyof typeof byName;

/** What to do where no optimizer could be found. */
export const OPTIMIZER_TODO = `The names are: ${Object.keys(byName).join(", ")}. Or pass e.g. adam, or ({ lr }) => sgd({ lr, momentum: 0.9 }).`;

/**
 * Finds an optimizer by its name, or takes a maker of one.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` when the name is unknown.
 */
export function optimizerFor(choice: OptimizerName | OptimizerMaker): ChosenOptimizer {
  if (typeof choice === "function") return { lr: 0.001, make: choice };
  if (typeof (choice as unknown) === "string" && Object.hasOwn(byName, choice)) return byName[choice];
  throw new FulmineError(
    "INVALID_OPTION",
    "`optimizer` must be an optimizer's name or a function that makes one.",
    {
      received: choice,
      todo: OPTIMIZER_TODO,
    },
  );
}
