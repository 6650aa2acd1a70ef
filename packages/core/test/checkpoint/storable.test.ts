import { isDeepStrictEqual } from "node:util";
import type * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeCheckpoint,
  encodeCheckpoint,
  FulmineError,
  ModelCheckpoint,
  Trainer,
  type Batch,
  type Callback,
  type Checkpoint,
} from "@fulmine/core";
import { fileOf } from "../support/checkpointContents.js";
import { DenseNet } from "../support/denseNet.js";
import { FilingTrainer } from "../support/filingTrainer.js";
import { makeLoader } from "../support/tinyModule.js";

class CountingNet extends DenseNet {
  steps = 0;

  override trainingStep(batch: Batch): tf.Tensor {
    this.steps += 1;
    return super.trainingStep(batch);
  }
}

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1, maxEpochs: 1 } as const;
const data = () => ({ train: makeLoader({ size: 16 }) });

/** A checkpoint of a fit, in which a value is stored in each place that a user has. */
async function checkpointWith(value: unknown): Promise<Checkpoint> {
  const saved: Checkpoint[] = [];
  const store: Callback = {
    stateKey: "store",
    stateDict: () => ({ value }),
    onSaveCheckpoint: (_trainer, _module, { extra }) => void (extra["value"] = value),
    onTrainEpochEnd: async (trainer) => void saved.push(await trainer.checkpoint()),
  };
  await new Trainer({ ...quiet, callbacks: [store] }).fit(new CountingNet({ value }), data());
  const [checkpoint] = saved;
  if (checkpoint === undefined) throw new Error("no checkpoint");
  return checkpoint;
}

const inAllPlaces = ({ hparams, extra, callbacks }: Checkpoint): unknown[] => [
  hparams,
  extra,
  callbacks["store"],
];

describe("what a user stores", () => {
  const values: [string, unknown][] = [
    ["keys of the old layout", { $array: "Float32Array", at: 0, length: 1 }],
    ["a number's key of the old layout", { $number: "5" }],
    ["the key that marks", { $: "Map", entries: [[1, 2]], nested: { $: { $: 1 } } }],
    ["dates", [new Date(5), new Date(NaN)]],
    [
      "maps",
      new Map<unknown, unknown>([
        ["a", new Map([[1n, undefined]])],
        [NaN, -0],
        [{ key: 1 }, [2]],
      ]),
    ],
    ["sets", new Set<unknown>([1, "1", new Set([new Date(0)]), undefined])],
    ["undefined", { a: undefined, b: [1, undefined] }],
    ["BigInts", [10n, -(2n ** 200n)]],
    ["numbers that JSON has not", [NaN, Infinity, -Infinity, -0, 0, 5e-324]],
    ["texts", ["\ud800", "\u0000", "“ñ”", ""]],
    ["bytes", [new Int8Array([-1]), new Uint8Array([255]), new Uint8ClampedArray([9]), new ArrayBuffer(3)]],
    ["shorts", [new Int16Array([300, -300]), new Uint16Array([65535])]],
    ["words", [new Int32Array([-5]), new Uint32Array([2 ** 32 - 1]), new Float32Array([NaN, -0])]],
    [
      "long words",
      [new Float64Array([1 / 3]), new BigInt64Array([-1n]), new BigUint64Array([2n ** 64n - 1n])],
    ],
    ["a part of an array", new Int16Array([1, 2, 3, 4]).subarray(1, 3)],
    ["names of built-in fields", { constructor: 1, toString: "x", length: 2, hasOwnProperty: [] }],
  ];
  test.each(values)("comes back from a file equal: %s", async (_, value) => {
    const checkpoint = await checkpointWith(value);
    const back = await decodeCheckpoint(await encodeCheckpoint(checkpoint));
    for (const place of inAllPlaces(back)) expect(place).toStrictEqual({ value });
    expect(back).toEqual(checkpoint);
  });

  test("comes back equal whatever it is", async () => {
    const checkpoint = await checkpointWith(0);
    const anything = fc.anything({
      ...{ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true },
      key: fc
        .oneof(fc.string(), fc.constantFrom("$", "$array", "constructor", "length"))
        .filter((key) => key !== "__proto__"),
    });
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        // Node 20 finds an invalid Date unequal to its own copy; the list above has one.
        fc.pre(isDeepStrictEqual(structuredClone(value), value));
        const bytes = await encodeCheckpoint({ ...checkpoint, extra: { value } });
        // Vitest's own comparison takes a field named `constructor` for the class.
        expect(isDeepStrictEqual((await decodeCheckpoint(bytes)).extra, { value })).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("does not change in a checkpoint when it changes later", async () => {
    const value = new Map([["a", [1]]]);
    const checkpoint = await checkpointWith(value);
    value.get("a")?.push(2);
    expect(checkpoint.extra).toEqual({ value: new Map([["a", [1]]]) });
  });
});

class Own {
  readonly field = 1;
}
class OwnMap extends Map {}
const circle: unknown[] = [];
circle.push(circle);

const refused: [string, unknown, string][] = [
  ["a symbol", Symbol("a"), "value"],
  ["a regular expression", /a/, "value"],
  ["an object of a class", { list: [new Own()] }, "value.list[0]"],
  ["a class that extends a built-in one", new OwnMap(), "value"],
  ["a map with fields of its own", Object.assign(new Map(), { more: 1 }), "value"],
  ["an error", new Error("x"), "value"],
  ["what holds itself", circle, "value[0]"],
  ["a list with holes", new Array<number>(3), "value"],
  ["a list with named properties", Object.assign([1], { named: 2 }), "value"],
  ["symbols for keys", { [Symbol("a")]: 1 }, "value"],
  ["a function in a list", [() => 1], "value[0]"],
  ["a prototype as a field", JSON.parse('{"__proto__": {"a": 1}}'), "value.__proto__"],
  ["an object in a map", new Map([["key", new Own()]]), 'value.get("key")'],
];

describe("what can't be stored is refused by name", () => {
  const messageOf = (fit: Promise<unknown>): Promise<string> =>
    fit.then(
      () => "",
      (error: unknown) => {
        expect(error).toBeInstanceOf(FulmineError);
        return (error as FulmineError).message;
      },
    );

  test.each(refused)("before the first step, among the hyperparameters: %s", async (_, value, path) => {
    const model = new CountingNet();
    Object.assign(model.hparams, { value });
    const fit = new FilingTrainer({ ...quiet, callbacks: [new ModelCheckpoint()] }).fit(model, data());
    expect(await messageOf(fit)).toContain(`\`hparams.${path}\` can't be stored in a checkpoint`);
    expect(model.steps).toBe(0);
  });

  test.each(refused)("before the first step, in a callback's state: %s", async (_, value, path) => {
    const model = new CountingNet();
    const callbacks = [{ stateKey: "own", stateDict: () => ({ value }) }, new ModelCheckpoint()];
    const fit = new FilingTrainer({ ...quiet, callbacks }).fit(model, data());
    expect(await messageOf(fit)).toContain(`\`callbacks.own.${path}\` can't be stored`);
    expect(model.steps).toBe(0);
  });

  test.each(refused)("when the checkpoint is made, in `extra`: %s", async (_, value, path) => {
    const store: Callback = {
      onSaveCheckpoint: (_trainer, _module, { extra }) => void (extra["value"] = value),
      onTrainBatchEnd: async (trainer) => void (await trainer.checkpoint()),
    };
    const fit = new Trainer({ ...quiet, callbacks: [store] }).fit(new CountingNet(), data());
    expect(await messageOf(fit)).toContain(`\`extra.${path}\` can't be stored`);
  });
});

test("a file of the layout before is read, with its forms of numbers and arrays", async () => {
  const checkpoint = await checkpointWith(0);
  const arrays: Uint8Array[] = [];
  let size = 0;
  const text = JSON.stringify(
    { ...checkpoint, extra: { odd: [NaN, -0], mine: { $number: "5" } } },
    (_, value: unknown) => {
      if (Object.is(value, -0)) return { $number: "-0" };
      if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
      if (!(value instanceof Float32Array || value instanceof Int32Array)) return value;
      const placed = { $array: value.constructor.name, at: size, length: value.length };
      const bytes = new Uint8Array(Math.ceil(value.byteLength / 8) * 8);
      bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      arrays.push(bytes);
      size += bytes.length;
      return placed;
    },
  );
  const body = new Uint8Array(arrays.flatMap((bytes) => [...bytes]));
  const back = await decodeCheckpoint(await fileOf(text, body, undefined, 1));
  expect(back).toEqual({ ...checkpoint, extra: { odd: [NaN, -0], mine: { $number: "5" } } });
});
