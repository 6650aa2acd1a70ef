import * as tf from "@tensorflow/tfjs";
import { findVariables, seeded } from "@fulmine/core";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  nativeBackend,
  type NativeBackend,
  type NativeBinding,
} from "../../src/compile/tensorflow/nativeBackend.js";
import { CompilingTrainer } from "./support/compilingTrainer.js";
import { Classifier, inputOf, nets, randomData, ways } from "./support/nets.js";

const STEPS = 40;

/** Trains one of the nets with Adam. */
async function train(net: string, compile: boolean) {
  const layers = seeded(3, () => nets[net]?.() ?? tf.sequential());
  const { size, isWhole } = inputOf(layers);
  const model = new Classifier(layers, ways["adam"]?.configure ?? (() => []));
  const trainer = new CompilingTrainer({
    ...{ maxSteps: STEPS, limitTrainBatches: 9, seed: 7, logger: false, compile: compile ? "auto" : false },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
  });
  await trainer.fit(model, { train: randomData(size, isWhole) });
  const weights = findVariables(model).all.map((variable) => Array.from(variable.dataSync()));
  layers.dispose();
  trainer.dispose();
  const [step] = trainer.explainCompile().steps;
  return { weights, step };
}

/** From the given run on, feeds graphs other scalars for the update than eager kernels get, until the test ends. */
function disturbUpdates(from: number): void {
  const backend = nativeBackend() as NativeBackend;
  const { binding } = backend;
  let runs = 0;
  const runSavedModel: NativeBinding["runSavedModel"] = (id, inputs, names, outputs) => {
    const place = names.split(",").indexOf("s:0");
    if (place < 0 || ++runs < from) return binding.runSavedModel(id, inputs, names, outputs);
    const scalars = binding.tensorDataSync(inputs[place] as number) as Float32Array;
    const other = binding.createTensor(
      [scalars.length],
      binding.TF_FLOAT,
      scalars.map((value) => value * 1.0001),
    );
    try {
      return binding.runSavedModel(
        id,
        inputs.map((input, index) => (index === place ? other : input)),
        names,
        outputs,
      );
    } finally {
      binding.deleteTensor(other);
    }
  };
  backend.binding = Object.create(binding, { runSavedModel: { value: runSavedModel } }) as NativeBinding;
  onTestFinished(() => {
    backend.binding = binding;
  });
}

describe.each(["a multi-layer perceptron", "a wide layer, whose values are compared by digests"])(
  "a graph of %s whose weights would differ",
  (net) => {
    test("is never used", async () => {
      const eager = await train(net, false);
      disturbUpdates(1);
      const { weights, step } = await train(net, true);
      expect(step).toMatchObject({
        status: "eager",
        replays: 0,
        reason: expect.stringMatching(
          /^its graph gives other bits than its kernels: the variable "/,
        ) as string,
      });
      expect(weights).toEqual(eager.weights);
    });

    test("is dropped at the next comparison, even if it was right before", async () => {
      disturbUpdates(34);
      const { step } = await train(net, true);
      expect(step).toMatchObject({ status: "eager", replays: 32 });
    });
  },
);
