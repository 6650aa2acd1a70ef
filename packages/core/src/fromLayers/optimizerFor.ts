import { add, div, mul, sqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import type { OptimizerConfig } from "../module/optimizerConfig.js";
import { adagrad } from "../optim/rules/adagrad.js";
import { adam, adamw } from "../optim/rules/adam.js";
import { adamax } from "../optim/rules/adamax.js";
import { makeOptimizer } from "../optim/makeOptimizer.js";
import { movingMeanSquare } from "../optim/rules/updateMath.js";
import type { RuleOptimizer } from "../optim/ruleOptimizer.js";
import { sgd } from "../optim/rules/sgd.js";
import type { UpdateRule } from "../optim/updateRule.js";
import type { Validator } from "../options/validators.js";

/** Creates an optimizer with a learning rate: `adam` itself, or e.g. `({ lr }) => sgd({ lr, momentum: 0.9 })`. */
export type OptimizerMaker = (options: { readonly lr: number }) => OptimizerConfig;

/** How to create an optimizer, and its default learning rate. */
export interface ChosenOptimizer {
  /** The default learning rate. */
  readonly lr: number;
  /** Creates the optimizer. */
  readonly make: OptimizerMaker;
}

/** By the names of TensorFlow.js, with its defaults and results. AdamW, which it lacks, has the defaults of PyTorch. */
const byName = {
  sgd: { lr: 0.01, make: sgd },
  adam: { lr: 0.001, make: ({ lr }) => adam({ lr, eps: 1e-7 }) },
  adamw: { lr: 0.001, make: adamw },
  adamax: { lr: 0.002, make: ({ lr }) => adamax({ lr, eps: 1e-7 }) },
  adagrad: { lr: 0.01, make: ({ lr }) => adagrad({ lr, initialAccumulator: 0.1, eps: 1e-7 }) },
  adadelta: { lr: 1, make: tfjsAdadelta },
  rmsprop: { lr: 0.001, make: tfjsRmsprop },
} as const satisfies Readonly<Record<string, ChosenOptimizer>>;

/** The name of an optimizer, as in `model.compile`. */
export type OptimizerName = keyof typeof byName;

/** Validates the option `optimizer`. */
export const optimizerChoice: Validator = {
  expected: "the name of an optimizer, or a function that creates one",
  test: (value) => typeof value === "function" || (typeof value === "string" && Object.hasOwn(byName, value)),
  todo: `The names are: ${Object.keys(byName).join(", ")}. Or pass e.g. adam, or ({ lr }) => sgd({ lr, momentum: 0.9 }).`,
};

/** Returns the optimizer for a valid option. */
export function optimizerFor(choice: OptimizerName | OptimizerMaker): ChosenOptimizer {
  return typeof choice === "function" ? { lr: 0.001, make: choice } : byName[choice];
}

/** Settings of Adadelta in TensorFlow.js. */
interface TfjsAdadeltaOptions {
  /** Decay of the moving averages of squared gradients and squared steps. */
  readonly rho: number;
  /** Added under both square roots. */
  readonly eps: number;
}

/** The update of `tf.train.adadelta`. It divides by the moving average before adding the gradient to it; PyTorch, after. */
const tfjsAdadeltaRule: UpdateRule<
  TfjsAdadeltaOptions,
  { readonly meanSquare: Tensor; readonly meanSquareStep: Tensor },
  "lr" | "kept" | "intake" | "eps"
> = {
  name: "adadelta",
  slots: () => ({ meanSquare: 0, meanSquareStep: 0 }),
  scalars: ({ lr, rho, eps }) => ({ lr, kept: rho, intake: 1 - rho, eps }),
  update({ param, grad, slots, scalars: { lr, kept, intake, eps } }) {
    const step = mul(div(sqrt(add(slots.meanSquareStep, eps)), sqrt(add(slots.meanSquare, eps))), grad);
    return {
      param: sub(param, mul(step, lr)),
      slots: {
        meanSquare: movingMeanSquare(slots.meanSquare, grad, kept, intake),
        meanSquareStep: movingMeanSquare(slots.meanSquareStep, step, kept, intake),
      },
    };
  },
};

/** Creates Adadelta with the settings and results of `tf.train.adadelta(lr)`. */
function tfjsAdadelta({ lr }: { readonly lr: number }): RuleOptimizer<TfjsAdadeltaOptions> {
  return makeOptimizer(tfjsAdadeltaRule, { rho: 0.95, eps: 1e-7 }, { lr });
}

/** Settings of RMSprop in TensorFlow.js. */
interface TfjsRmspropOptions {
  /** Decay of the moving average of squared gradients. */
  readonly alpha: number;
  /** Added under the square root. */
  readonly eps: number;
}

/** The update of `tf.train.rmsprop`. Its `eps` is added under the square root; PyTorch adds it to the root. */
const tfjsRmspropRule: UpdateRule<
  TfjsRmspropOptions,
  { readonly meanSquare: Tensor },
  "lr" | "kept" | "intake" | "eps"
> = {
  name: "rmsprop",
  slots: () => ({ meanSquare: 0 }),
  scalars: ({ lr, alpha, eps }) => ({ lr, kept: alpha, intake: 1 - alpha, eps }),
  update({ param, grad, slots, scalars: { lr, kept, intake, eps } }) {
    const meanSquare = movingMeanSquare(slots.meanSquare, grad, kept, intake);
    const step = div(mul(grad, lr), sqrt(add(meanSquare, eps)));
    return { param: sub(param, step), slots: { meanSquare } };
  },
};

/** Creates RMSprop with the settings and results of `tf.train.rmsprop(lr)`. */
function tfjsRmsprop({ lr }: { readonly lr: number }): RuleOptimizer<TfjsRmspropOptions> {
  return makeOptimizer(tfjsRmspropRule, { alpha: 0.9, eps: 1e-7 }, { lr });
}
