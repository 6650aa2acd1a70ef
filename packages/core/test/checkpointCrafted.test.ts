import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  decodeCheckpoint,
  EarlyStopping,
  FulmineError,
  reduceLrOnPlateau,
  Trainer,
  WeightAveraging,
  type Checkpoint,
  type OptimizerConfig,
} from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule, weightsOf } from "./support/tinyModule.js";
import { contentsOf, fileOf } from "./support/checkpointContents.js";

class Watching extends TinyModule {
  override configureOptimizers(): OptimizerConfig {
    return { optimizer: adam({ lr: 0.01 }), schedule: reduceLrOnPlateau({}), monitor: "train_loss" };
  }
  override trainingStep(...given: Parameters<TinyModule["trainingStep"]>): tf.Tensor {
    const loss = super.trainingStep(...given);
    this.log("train_loss", loss);
    return loss;
  }
}

const make = (): Watching => makeTiny(Watching);
const data = { train: makeLoader({ size: 32 }), val: makeLoader({ size: 16 }) };
const trainerTo = (maxEpochs: number, saved: Checkpoint[] = []): Trainer =>
  new Trainer({
    enableProgressBar: false,
    enableModelSummary: false,
    numSanityValSteps: 0,
    seed: 1,
    maxEpochs,
    callbacks: [
      new EarlyStopping({ monitor: "train_loss", patience: 100 }),
      new WeightAveraging(),
      { onTrainBatchEnd: async (trainer) => void saved.push(await trainer.checkpoint()) },
    ],
  });

/** The kinds of values that a field may be changed to. */
const odd = fc.constantFrom<unknown>(
  null,
  undefined,
  true,
  "x",
  "",
  "NaN",
  -1,
  0,
  0.5,
  7,
  1e9,
  2 ** 53,
  -(2 ** 31),
  1e308,
  [],
  {},
  [0],
  [1, 2, 3, 4],
  [0, 0, 0, 0],
  { $: "number", value: "NaN" },
  { $: "number", value: "Infinity" },
  { $: "number", value: "x" },
  { $: "bigint", value: "1.5" },
  { $: "Float32Array", at: 0, length: 3 },
  { $: "Float32Array", at: 0, length: -1 },
  { $: "Float32Array", at: 3, length: 1 },
  { $: "Float32Array", at: 2 ** 52, length: 1 },
  { $: "Float32Array", at: 0, length: 2 ** 52 },
  { $: "BigInt64Array", at: 0, length: 1 },
  { $: "constructor", at: 0, length: 1 },
  { $: "__proto__" },
  { $: "Map", entries: [[1]] },
  { $: "Map", entries: [] },
  { $: "Object", entries: [["__proto__", {}]] },
  { $: "Set", values: {} },
  { $: "Date" },
  { constructor: 1, toString: 2, length: 3 },
);

type Change = "set" | "delete" | "proto" | "add" | "repeat";
interface Mutation {
  readonly at: number;
  readonly change: Change;
  readonly value: unknown;
}
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  change: fc.constantFrom<Change>("set", "set", "set", "delete", "proto", "add", "repeat"),
  value: odd,
});

/** Changes one place of a tree, whichever the number says. */
function mutate(tree: object, { at, change, value }: Mutation): void {
  const places: (readonly [object, string])[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node, key]);
      visit(child);
    }
  };
  visit(tree);
  const [parent, key] = places[at % places.length] ?? [tree, ""];
  const put = (name: string): void =>
    void Object.defineProperty(parent, name, {
      value: structuredClone(value),
      ...{ enumerable: true, configurable: true, writable: true },
    });
  if (change === "set") put(key);
  else if (change === "delete") Reflect.deleteProperty(parent, key);
  else if (change === "proto") put("__proto__");
  else if (change === "repeat" && Array.isArray(parent)) parent.push(structuredClone(parent[0]));
  else put(Array.isArray(parent) ? String(parent.length) : "added");
}

describe("a file whose checksum fits and whose contents do not", () => {
  let contents: { readonly tree: object; readonly body: Uint8Array };
  beforeAll(async () => {
    const saved: Checkpoint[] = [];
    const trainer = trainerTo(2, saved);
    await trainer.fit(make(), data);
    trainer.dispose();
    const [, , checkpoint] = saved;
    if (checkpoint === undefined) throw new Error("no checkpoint");
    contents = await contentsOf(checkpoint);
  });

  /** Tries a file out: the code of the error, or how the fit ended. */
  async function outcomeOf(
    bytes: Uint8Array,
  ): Promise<{ outcome: string; hasMoved: boolean; leaked: number }> {
    const model = make();
    const before = weightsOf(model);
    const hparams = { ...model.hparams };
    const tensors = tf.memory().numTensors;
    const trainer = trainerTo(2);
    const outcome = await decodeCheckpoint(bytes)
      .then((checkpoint) => trainer.fit(model, data, { checkpoint }))
      .then(
        () => "loaded",
        (error: unknown) => (error instanceof FulmineError ? error.code : String((error as Error).stack)),
      );
    expect(Object.getPrototypeOf(model.hparams)).toBe(Object.prototype);
    const hasMoved = !isDeepStrictEqual([weightsOf(model), model.hparams], [before, hparams]);
    trainer.dispose();
    const leaked = tf.memory().numTensors - tensors;
    tf.dispose(model.net.weights.map((weight) => weight.read()));
    return { outcome, hasMoved, leaked };
  }

  test("is refused before anything is changed, or loads", async () => {
    const builtIns = Object.getOwnPropertyNames(Object.prototype);
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 2 }), async (mutations) => {
        const tree = structuredClone(contents.tree);
        for (const each of mutations) mutate(tree, each);
        const { outcome, hasMoved, leaked } = await outcomeOf(await fileOf(tree, contents.body));
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect(["loaded", "INVALID_CHECKPOINT"]).toContain(outcome);
        expect(leaked).toBe(0);
        if (outcome !== "loaded") expect(hasMoved).toBe(false);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(builtIns);
      }),
      {
        numRuns: Number(process.env["FULMINE_FUZZ_RUNS"] ?? 300),
      },
    );
    // Both kinds came up, so that neither is passed over.
    expect([...outcomes.keys()].sort()).toEqual(["INVALID_CHECKPOINT", "loaded"]);
  });

  test.each([
    ["empty", ""],
    ["cut off", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "5"],
    ["all but empty", '{"version":1}'],
    ["no JSON", "\u0000"],
    ["nested very deep", `{"version":1,"extra":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ])("is refused when its text is %s", async (_, text) => {
    expect((await outcomeOf(await fileOf(text, contents.body))).outcome).toBe("INVALID_CHECKPOINT");
  });

  test("is refused when the text would be longer than the file", async () => {
    const bytes = await fileOf(contents.tree, contents.body, 2 ** 32 - 1);
    expect((await outcomeOf(bytes)).outcome).toBe("INVALID_CHECKPOINT");
  });
});
