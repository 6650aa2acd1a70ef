import * as tf from "@tensorflow/tfjs";
import { findVariables, type Callback, type DataSource, type Module } from "@fulmine/core";
import { expect } from "vitest";
import { CompilingTrainer } from "./compilingTrainer.js";

/** The outcome of a run. */
export interface Outcome {
  readonly losses: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly isCompiled: boolean;
  /** The reason why steps were not compiled, if the Trainer reports one. */
  readonly reason: string;
}

/** Reads the Trainer's report on the training steps of a run. */
function howItRan(trainer: InstanceType<typeof CompilingTrainer>): Pick<Outcome, "isCompiled" | "reason"> {
  const { steps } = trainer.explainCompile();
  const isCompiled = steps.some(({ status, replays }) => status === "compiled" && replays > 0);
  return { isCompiled, reason: steps.map(({ reason }) => reason ?? "").join() };
}

/** Trains for some steps, and disposes all variables at the end. */
export async function train<B>(
  module: Module<object, B>,
  data: DataSource<B>,
  options: { readonly maxSteps: number; readonly compile: "auto" | boolean },
): Promise<Outcome> {
  const losses: number[] = [];
  const record: Callback = { onTrainBatchEnd: (_, __, { loss }) => void losses.push(loss) };
  const trainer = new CompilingTrainer({
    ...{ ...options, seed: 7, callbacks: [record], logger: false },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
  });
  try {
    await trainer.fit(module, { train: data });
    const weights = findVariables(module).all.map((variable) => Array.from(variable.dataSync()));
    return { losses, weights, ...howItRan(trainer) };
  } finally {
    trainer.dispose();
    tf.disposeVariables();
  }
}

/** Trains eagerly and compiled, and expects every loss and weight to have the same bits. */
export async function trainBothWays<B>(
  make: () => { readonly module: Module<object, B>; readonly data: DataSource<B> },
  options: { readonly maxSteps: number; readonly compile: "auto" | true },
): Promise<Outcome> {
  const run = (compile: "auto" | boolean): Promise<Outcome> => {
    const { module, data } = make();
    return train(module, data, { ...options, compile });
  };
  const eager = await run(false);
  const compiled = await run(options.compile);
  expect(compiled.losses).toEqual(eager.losses);
  expect(compiled.weights).toEqual(eager.weights);
  // The comparison means something only if the values change and are finite.
  expect(eager.losses.every(Number.isFinite)).toBe(true);
  expect(new Set(eager.losses).size).toBe(options.maxSteps);
  expect(eager.isCompiled).toBe(false);
  return compiled;
}
