import * as tf from "@tensorflow/tfjs";
import { findVariables, seeded, type Module, type Callback, type TrainerOptions } from "@fulmine/core";
import { describe, expect, test } from "vitest";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { Classifier, inputOf, nets, randomData, Transformer, ways } from "./support/nets.js";

const STEPS = Number(process.env["FULMINE_STEPS"] ?? "48");

/** Trains, and returns all losses and the final variables as bits. */
async function train(
  model: Module,
  data: ReturnType<typeof randomData>,
  options: TrainerOptions & { compile: boolean },
): Promise<{ losses: number[]; weights: Float32Array[]; replays: number }> {
  const losses: number[] = [];
  const record: Callback = { onTrainBatchEnd: (_, __, { loss }) => void losses.push(loss) };
  const trainer = new CompilingTrainer({
    ...{ maxSteps: STEPS, seed: 7, callbacks: [record], logger: false },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...options,
  });
  await trainer.fit(model, model.validationStep === undefined ? { train: data } : { train: data, val: data });
  const replays = trainer.explainCompile().steps.reduce((sum, step) => sum + step.replays, 0);
  trainer.dispose();
  const { all } = findVariables(model);
  return { losses, replays, weights: all.map((variable) => variable.dataSync() as Float32Array) };
}

const models: Record<
  string,
  (way: (typeof ways)[string]) => { model: Module; size: number; isWhole: boolean }
> = {
  ...Object.fromEntries(
    Object.entries(nets).map(([name, make]) => [
      name,
      ({ configure }: (typeof ways)[string]) => {
        const net = make();
        return { model: new Classifier(net, configure), ...inputOf(net) };
      },
    ]),
  ),
  "a transformer block": ({ configure }) => ({
    ...{ model: new Transformer({ lr: 1e-2 }, configure), size: 12, isWhole: false },
  }),
};

describe.each(Object.keys(models))("the compiled steps of %s give the same bits as eager steps", (name) => {
  test.each(Object.keys(ways))(`with %s, over ${STEPS} steps`, async (optimizing) => {
    const way = ways[optimizing];
    const make = models[name];
    if (way === undefined || make === undefined) throw new Error("no such case");
    const run = async (compile: boolean) => {
      const { model, size, isWhole } = seeded(3, () => make(way));
      const result = await train(model, randomData(size, isWhole), { ...way.options, compile });
      tf.disposeVariables();
      return result;
    };
    const eager = await run(false);
    const compiled = await run(true);
    expect(compiled.losses).toEqual(eager.losses);
    expect(compiled.weights).toEqual(eager.weights);
    expect(compiled.replays).toBeGreaterThan(STEPS / 2);
  });
});
