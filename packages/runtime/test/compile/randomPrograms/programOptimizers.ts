import * as tf from "@tensorflow/tfjs";
import {
  adam,
  adamw,
  findVariables,
  fromTfjsOptimizer,
  rmsprop,
  sgd,
  stepLr,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import type { ProgramModule } from "./programModule.js";

/** The optimizers of programs. */
const kinds = {
  sgd: ({ hparams: { lr } }) => [sgd({ lr })],
  momentum: ({ hparams: { lr } }) => [sgd({ lr, momentum: 0.9, weightDecay: 1e-3 })],
  adam: ({ hparams: { lr } }) => [adam({ lr })],
  adamw: ({ hparams: { lr } }) => [adamw({ lr, amsgrad: true })],
  rmsprop: ({ hparams: { lr } }) => [rmsprop({ lr })],
  tfjsMomentum: ({ hparams: { lr } }) => [fromTfjsOptimizer(tf.train.momentum(lr, 0.9))],
  tfjsAdam: ({ hparams: { lr } }) => [fromTfjsOptimizer(tf.train.adam(lr))],
  two: ({ hparams: { lr }, first, second, net }) => [
    sgd({ lr, groups: [{ params: [first, second] }] }),
    adam({ lr, groups: [{ params: findVariables({ net }).trainable }] }),
  ],
} satisfies Record<string, (module: ProgramModule) => Optimizer[]>;

export type OptimizerName = keyof typeof kinds;
export const optimizerNames = Object.keys(kinds) as OptimizerName[];

/** Makes a program's optimizers, with a schedule of the first one's learning rate if the program has one. */
export function configure(module: ProgramModule, name: OptimizerName, hasSchedule: boolean): OptimizerConfig {
  const made: Optimizer[] = kinds[name](module);
  if (!hasSchedule) return made;
  const schedule = stepLr({ stepSize: 5, gamma: 0.7 });
  return made.map((optimizer, index) =>
    index === 0 ? { optimizer, schedule, interval: "step" as const } : optimizer,
  );
}
