import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  exponentialLr,
  sgd,
  stepLr,
  Trainer,
  type Checkpoint,
  type Optimizer,
  type OptimizerConfig,
} from "@fulmine/core";
import { checkpointOf, makeData, quiet } from "../support/checkpointOf.js";
import { makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

/** Two optimizers that live as long as the module, each with a schedule. */
class Lasting extends TinyModule {
  readonly lasting: Optimizer[] = ["first", "last"].map((which) => {
    const layer = this.net.layers[which === "first" ? 0 : 3];
    const params = layer?.trainableWeights.map((weight) => weight.read() as tf.Variable) ?? [];
    return adam({ lr: this.hparams.lr, groups: [{ params }] });
  });
  override configureOptimizers(): OptimizerConfig {
    return this.lasting.map((optimizer) => ({ optimizer, schedule: stepLr({ stepSize: 1 }) }));
  }
}

describe("a checkpoint that does not fit changes nothing", () => {
  class Smaller extends TinyModule {
    override readonly net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
  }
  class Reshaped extends Lasting {
    override configureOptimizers(): OptimizerConfig {
      return this.lasting;
    }
  }
  class OneOther extends Lasting {
    override configureOptimizers(): OptimizerConfig {
      const [first, last] = super.configureOptimizers() as { optimizer: Optimizer; schedule: never }[];
      if (first === undefined || last === undefined) throw new Error("two are expected");
      const [group] = last.optimizer.paramGroups;
      const params = group?.params ?? [];
      return [first, { ...last, optimizer: sgd({ lr: 1, groups: [{ params }] }) }];
    }
  }
  class OtherSchedule extends Lasting {
    override configureOptimizers(): OptimizerConfig {
      return this.lasting.map((optimizer) => ({ optimizer, schedule: exponentialLr({ gamma: 0.9 }) }));
    }
  }
  const spoil = (checkpoint: Checkpoint, change: object): Checkpoint => ({ ...checkpoint, ...change });
  const firstCut = ({ variables }: Checkpoint): object => {
    const [first, ...others] = variables;
    if (first === undefined) throw new Error("no variable");
    return {
      variables: [{ ...first, value: { ...first.value, values: first.value.values.slice(1) } }, ...others],
    };
  };

  const cases: [string, () => TinyModule, () => Promise<Checkpoint>, string][] = [
    [
      "of another module",
      () => makeTiny(Lasting),
      () => checkpointOf(makeTiny(Smaller)),
      "The module has 8 variables, and the checkpoint 2.",
    ],
    [
      "of a module of other shapes",
      () => makeTiny(Smaller),
      async () => {
        const checkpoint = await checkpointOf(makeTiny(TinyModule));
        return spoil(checkpoint, { variables: checkpoint.variables.slice(0, 2) });
      },
      "is float32 [4, 3] in the module and float32 [4, 8] in the checkpoint",
    ],
    [
      "with other optimizers",
      () => makeTiny(Lasting),
      () => checkpointOf(makeTiny(TinyModule)),
      "The module has 2 optimizers, and the checkpoint 1.",
    ],
    [
      "of which only the first optimizer fits",
      () => makeTiny(OneOther),
      () => checkpointOf(makeTiny(Lasting)),
      "is of `adam`, and the optimizer is `sgd`",
    ],
    [
      "without schedules",
      () => makeTiny(Lasting),
      () => checkpointOf(makeTiny(Reshaped)),
      "The module has 2 schedules, and the checkpoint 0.",
    ],
    [
      "with other schedules",
      () => makeTiny(OtherSchedule),
      () => checkpointOf(makeTiny(Lasting)),
      "The saved schedule state is of",
    ],
    [
      "of another version",
      () => makeTiny(Lasting),
      async () => spoil(await checkpointOf(makeTiny(Lasting)), { version: 2 }),
      "another version of Fulmine. Received: 2.",
    ],
    [
      "with a variable cut off",
      () => makeTiny(Lasting),
      async () => {
        const checkpoint = await checkpointOf(makeTiny(Lasting));
        return spoil(checkpoint, firstCut(checkpoint));
      },
      "has 31 values in the checkpoint",
    ],
  ];
  test.each(cases)("%s", async (_, make, makeCheckpoint, message) => {
    const checkpoint = await makeCheckpoint();
    const model = make();
    if (model instanceof Lasting) await new Trainer(quiet).fit(model, makeData());
    const standing = async (): Promise<unknown> => ({
      weights: weightsOf(model),
      hparams: { ...model.hparams },
      optimizers:
        model instanceof Lasting ? await Promise.all(model.lasting.map((each) => each.stateDict())) : [],
    });
    const before = await standing();
    const tensors = tf.memory().numTensors;
    const trainer = new Trainer(quiet);
    const error: unknown = await trainer
      .fit(model, makeData(), { checkpoint })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "INVALID_CHECKPOINT",
      message: expect.stringContaining(message) as string,
    });
    expect(await standing()).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    expect([trainer.globalStep, trainer.currentEpoch]).toEqual([0, 0]);
  });

  test("or that a callback refuses", async () => {
    const stateKey = "picky";
    const checkpoint = await checkpointOf(makeTiny(Lasting), [{ stateKey, stateDict: () => 1 }]);
    const model = makeTiny(Lasting);
    const before = weightsOf(model);
    const loadStateDict = (): void => {
      throw new Error("not mine");
    };
    const trainer = new Trainer({ ...quiet, callbacks: [{ stateKey, stateDict: () => 1, loadStateDict }] });
    await expect(trainer.fit(model, makeData(), { checkpoint })).rejects.toThrow("not mine");
    expect(weightsOf(model)).toEqual(before);
    expect(model.lasting.every(({ lr }) => lr === 0.01)).toBe(true);
  });
});
