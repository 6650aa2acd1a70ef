import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  decodeCheckpoint,
  encodeCheckpoint,
  exponentialLr,
  FulmineError,
  portablePlatform,
  sgd,
  stepLr,
  Trainer,
  type Callback,
  type Checkpoint,
  type Optimizer,
  type OptimizerConfig,
  type Platform,
} from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, seed: 1, maxEpochs: 1 } as const;
const data = () => ({ train: makeLoader(), val: makeLoader({ size: 48 }) });

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

/** A checkpoint after the first step of a fit. */
async function checkpointOf(model: TinyModule, callbacks: Callback[] = []): Promise<Checkpoint> {
  const saved: Checkpoint[] = [];
  const save: Callback = { onTrainBatchEnd: async (trainer) => void saved.push(await trainer.checkpoint()) };
  await new Trainer({ ...quiet, maxSteps: 1, callbacks: [...callbacks, save] }).fit(model, data());
  const [checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("no checkpoint");
  return checkpoint;
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof FulmineError ? error.code : String(error);
};

describe("a checkpoint's file", () => {
  test("gives back exactly what was put into it", async () => {
    const extra = {
      numbers: [0, -0, 1 / 3, 5e-324, Number.MAX_VALUE, NaN, Infinity, -Infinity],
      arrays: [
        new Float32Array([NaN, -0, 1e-45]),
        new Float64Array([1 / 3]),
        new Int32Array(0),
        new Uint8Array([255]),
      ],
      text: "“ñ” \u0000\n",
      nested: { null: null, true: true, list: [[], {}] },
    };
    const checkpoint = { ...(await checkpointOf(makeTiny(TinyModule))), extra };
    const bytes = await encodeCheckpoint(checkpoint);
    expect(await decodeCheckpoint(bytes)).toEqual(checkpoint);
    expect(await encodeCheckpoint(await decodeCheckpoint(bytes))).toEqual(bytes);
  });

  test("can lie anywhere in a larger buffer, which is left alone", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    const buffer = new Uint8Array(bytes.length + 3);
    buffer.set(bytes, 3);
    const given = buffer.slice();
    expect(await decodeCheckpoint(buffer.subarray(3))).toEqual(await decodeCheckpoint(bytes));
    expect(buffer).toEqual(given);
  });

  test("can be a Buffer of Node, of which a slice is no copy", async () => {
    class NodeLike extends Uint8Array {
      override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
        return super.subarray(start, end);
      }
    }
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    expect(await decodeCheckpoint(new NodeLike(bytes))).toEqual(await decodeCheckpoint(bytes));
  });

  test("is refused when it was cut off anywhere, or has more at its end", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    const lengths = [
      ...Array(80).keys(),
      ...Array.from({ length: 80 }, (_, at) => bytes.length - 1 - at * 89),
    ];
    for (const length of lengths.filter((length) => length >= 0))
      expect(await codeOf(decodeCheckpoint(bytes.subarray(0, length)))).toBe("INVALID_CHECKPOINT");
    expect(await codeOf(decodeCheckpoint(new Uint8Array([...bytes, 0])))).toBe("INVALID_CHECKPOINT");
  });

  test("is refused when any bit of it was flipped", async () => {
    const bytes = await encodeCheckpoint(await checkpointOf(makeTiny(TinyModule)));
    for (let at = 0; at < bytes.length; at += at < 64 ? 1 : 61) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(await codeOf(decodeCheckpoint(flipped))).toBe("INVALID_CHECKPOINT");
    }
  });

  test.each([
    ["nothing", ""],
    ["JSON", '{"version":1}'],
    ["a longer text", "weights ".repeat(50)],
  ])("is refused when it is %s", async (_, text) => {
    expect(await codeOf(decodeCheckpoint(new TextEncoder().encode(text)))).toBe("INVALID_CHECKPOINT");
  });
});

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
    if (model instanceof Lasting) await new Trainer(quiet).fit(model, data());
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
      .fit(model, data(), { checkpoint })
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
    await expect(trainer.fit(model, data(), { checkpoint })).rejects.toThrow("not mine");
    expect(weightsOf(model)).toEqual(before);
    expect(model.lasting.every(({ lr }) => lr === 0.01)).toBe(true);
  });
});

test("a checkpoint that is not there is an error before anything is done", async () => {
  class OnDisk extends Trainer {
    protected override readonly platform: Platform = { ...portablePlatform, files: nodeFiles };
  }
  const heard: string[] = [];
  class Waiting extends OnDisk {
    override async beforeFit(): Promise<void> {
      heard.push("beforeFit");
    }
  }
  const trainer = new Waiting(quiet);
  const fit = trainer.fit(makeTiny(TinyModule), data(), { checkpoint: "nowhere/last.ckpt" });
  const error: unknown = await fit.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FulmineError);
  expect(error).toMatchObject({ code: "INVALID_CHECKPOINT", cause: { code: "ENOENT" } });
  expect(String(error)).toMatch(
    /can't be read \(ENOENT.*\)\. Received: "nowhere\/last\.ckpt"\. Pass the path of a file that ModelCheckpoint/,
  );
  expect(heard).toEqual([]);
});

describe("making a checkpoint", () => {
  test("is refused outside of a fit and while gradients are gathered", async () => {
    await expect(new Trainer(quiet).checkpoint()).rejects.toThrow(
      "A checkpoint can be made only during a fit.",
    );
    const save: Callback = { onTrainBatchEnd: async (trainer) => void (await trainer.checkpoint()) };
    const trainer = new Trainer({ ...quiet, accumulateGradBatches: 2, callbacks: [save] });
    expect(await codeOf(trainer.fit(makeTiny(TinyModule), data()))).toBe("INVALID_STATE");
  });

  test("changes nothing of the run, and leaves no tensor", async () => {
    const run = async (isSaving: boolean): Promise<number[][]> => {
      const model = makeTiny(TinyModule);
      const onTrainBatchEnd = async (trainer: Trainer): Promise<void> => {
        const tensors = tf.memory().numTensors;
        if (isSaving) await trainer.checkpoint();
        expect(tf.memory().numTensors).toBe(tensors);
      };
      await new Trainer({ ...quiet, callbacks: [{ onTrainBatchEnd }] }).fit(model, data());
      return weightsOf(model);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test("lets modules and callbacks put something in, and gives it back before anything is restored", async () => {
    const note: Callback = {
      onSaveCheckpoint: (_trainer, _module, { extra }) => void (extra["note"] = [1, "two"]),
    };
    const checkpoint = await checkpointOf(makeTiny(TinyModule), [note]);
    const heard: unknown[] = [];
    class Listening extends TinyModule {
      override onLoadCheckpoint({ extra }: Checkpoint): void {
        heard.push(extra["note"], weightsOf(this));
      }
    }
    const model = makeTiny(Listening, 9);
    const before = weightsOf(model);
    await new Trainer({ ...quiet, maxSteps: 2 }).fit(model, data(), { checkpoint });
    expect(heard).toEqual([[1, "two"], before]);
  });

  test("restores hyperparameters", async () => {
    const checkpoint = await checkpointOf(makeTiny(TinyModule));
    const model = makeTiny(TinyModule);
    model.hparams.lr = 5;
    await new Trainer(quiet).fit(model, data(), { checkpoint });
    expect(model.hparams).toEqual({ lr: 1e-2 });
  });
});
