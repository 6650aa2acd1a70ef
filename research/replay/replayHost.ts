import * as tf from "@tensorflow/tfjs";
import {
  Module,
  silentDisplay,
  type FitInput,
  type Optimizer,
  type OptimizerConfig,
  type Trial,
} from "@fulmine/core";
import { makeOptimizer } from "@fulmine/core/plugin";
import type { LrFindHost, SweptOptimizer } from "@fulmine/lr-finder";
import { nearestRate, type Numbers, type TaskRecord } from "./taskRecord.js";

/** What a search replays. */
export interface Replay {
  readonly record: TaskRecord;
  /** The number of rungs of the sweep. */
  readonly rungs: number;
  /** How many decades above `auto`'s pick the trials of `refine` begin. */
  readonly begin: number;
}

/** A host for `findLr` that trains nothing: each step returns the loss that was recorded. */
export class ReplayHost implements LrFindHost {
  readonly display = silentDisplay();
  readonly options = {};
  readonly loggers = [];
  readonly #replay: Replay;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  isolated<B, T>(
    _module: Module<object, B>,
    _data: FitInput<B> | undefined,
    body: (trial: Trial) => Promise<T>,
  ): Promise<T> {
    return body(replayTrial(this.#replay));
  }

  beforeFit(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/**
 * A trial that replays the sweep. The first of its branches that takes a step does so too, and every later one a training at a
 * constant rate.
 */
function replayTrial({ record, rungs, begin }: Replay): Trial {
  const optimizer = optimizerOf(record.optimizer);
  const at = (): number => nearestRate(record, optimizer.lr, begin);
  const sweep = (): Numbers => record.sweeps[rungs] ?? [];
  let branches = 0;
  const trial = (losses: () => Numbers | undefined): Trial => {
    let steps = 0;
    return {
      optimizers: [optimizer],
      schedules: [undefined],
      examples: 0,
      hasValidation: true,
      // At a rate of 0 the search asks for the losses of the untrained model.
      step: () => Promise.resolve((optimizer.lr === 0 ? record.still : losses())?.[steps++] ?? NaN),
      validate: () => Promise.resolve(record.heldOut[at()]?.[Math.floor(steps / record.every) - 1] ?? NaN),
      branch: (body) => {
        let index: number | null = null;
        return body(
          trial(() => {
            index ??= branches++;
            return index === 0 ? sweep() : record.losses[at()];
          }),
        );
      },
    };
  };
  return trial(sweep);
}

/** An optimizer by name that counts as many weights, without any memory for them. */
function optimizerOf({ name, weights, momentum = 0 }: SweptOptimizer): Optimizer {
  const rule = { name, slots: () => ({}), scalars: () => ({}), update: neverTrains };
  const optimizer = makeOptimizer(rule, { momentum }, { lr: 1 });
  optimizer.attach([new tf.Variable(new tf.Tensor([weights], "float32", {}, 0), true, name, 0)]);
  return optimizer;
}

/** The module that `findLr` asks for; a replay does not use it. */
export class UnusedModule extends Module {
  trainingStep(): never {
    return neverTrains();
  }

  configureOptimizers(): OptimizerConfig {
    return neverTrains();
  }
}

function neverTrains(): never {
  throw new Error("A replay trains nothing.");
}
