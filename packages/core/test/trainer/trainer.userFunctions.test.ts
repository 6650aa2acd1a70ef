import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  adam,
  BackboneFinetuning,
  chainedLr,
  DataLoader,
  findVariables,
  fromLayers,
  FulmineError,
  lambdaLr,
  SampleLoader,
  seeded,
  sequentialLr,
  sgd,
  stepLr,
  Trainer,
  type Callback,
  type ScheduleRule,
  type TrainerOptions,
} from "@fulmine/core";
import { makeOptimizer, type UpdateRule } from "@fulmine/core/plugin";
import { sixAndThree } from "../support/scripted.js";
import { makeLoader, makePoints, makeTiny, TinyModule } from "../support/tinyModule.js";

const quiet = { enableProgressBar: false, enableModelSummary: false, seed: 1, maxEpochs: 2 } as const;
/** What a function gives whose author has forgotten to return something; its type is whatever is asked for. */
const nothing = (() => undefined) as () => never;
/** Something else than what is asked for, as plain JavaScript may give it. */
const giving = (value: unknown) => () => value as never;

async function fitted(change: (model: TinyModule) => void, options: TrainerOptions = {}): Promise<unknown> {
  const model = makeTiny(TinyModule);
  change(model);
  return new Trainer({ ...quiet, ...options }).fit(model, sixAndThree());
}
const scheduled = (schedule: ScheduleRule, interval: "step" | "epoch" = "step") =>
  fitted(
    (model) => (model.configureOptimizers = () => ({ optimizer: adam({ lr: 0.01 }), schedule, interval })),
  );
const layers = (): tf.Sequential =>
  tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 1 })] });
const fitLayers = (options: Partial<Parameters<typeof fromLayers>[1]>) => {
  const net = fromLayers(layers(), { loss: "meanSquaredError", ...options });
  const { xs, ys } = makePoints();
  const train = new DataLoader(
    { xs, ys: { values: Float32Array.from(ys), shape: [ys.length, 1] } },
    { batchSize: 16 },
  );
  return new Trainer(quiet).fit(net, { train });
};

const cases: [what: string, run: () => Promise<unknown>, message: RegExp][] = [
  [
    "lambdaLr's function without return",
    () => scheduled(lambdaLr(nothing)),
    /`lambdaLr`.* number.*undefined/,
  ],
  [
    "lambdaLr's function that gives NaN later",
    () => scheduled(lambdaLr((step) => 1 / step - 1 / step)),
    /`lambdaLr`.*NaN/,
  ],
  ["a schedule that gives nothing", () => scheduled({ name: "own", next: nothing }), /`own`.*undefined/],
  ["a schedule that gives no rate", () => scheduled({ name: "own", next: giving({}) }), /`own`/],
  ["a schedule that gives a text", () => scheduled({ name: "own", next: giving({ lr: "1" }) }), /`own`.*"1"/],
  [
    "a schedule that begins with NaN",
    () => scheduled({ name: "own", first: giving({ lr: NaN }), next: giving({ lr: 1 }) }),
    /`own`.*NaN/,
  ],
  [
    "a schedule whose momentum is NaN",
    () => scheduled({ name: "own", next: giving({ lr: 1, momentum: NaN }) }),
    /`own`.*momentum.*NaN/,
  ],
  [
    "a schedule in a chain",
    () => scheduled(chainedLr([stepLr({ stepSize: 9 }), { name: "own", next: nothing }])),
    /`own`/,
  ],
  [
    "a schedule in a sequence",
    () =>
      scheduled(
        sequentialLr({
          schedules: [stepLr({ stepSize: 9 }), { name: "own", next: nothing }],
          milestones: [2],
        }),
      ),
    /`own`/,
  ],
  ["a schedule by the epoch", () => scheduled({ name: "own", next: nothing }, "epoch"), /`own`/],
  [
    "configureOptimizers",
    () => fitted((model) => (model.configureOptimizers = nothing)),
    /`configureOptimizers`.*undefined/,
  ],
  [
    "an async configureOptimizers",
    () => fitted((model) => (model.configureOptimizers = giving(Promise.resolve(adam({ lr: 1 }))))),
    /`configureOptimizers`.*async/,
  ],
  [
    "configureCallbacks",
    () => fitted((model) => (model.configureCallbacks = giving({ onTrainStart: nothing }))),
    /`configureCallbacks`/,
  ],
  [
    "configureCallbacks with something else in the list",
    () => fitted((model) => (model.configureCallbacks = giving([5]))),
    /`configureCallbacks`.*5/,
  ],
  [
    "trainingStep",
    () => fitted((model) => (model.trainingStep = nothing)),
    /`trainingStep` must return a scalar loss/,
  ],
  [
    "validationStep",
    () => fitted((model) => (model.validationStep = giving(5))),
    /`validationStep` must return/,
  ],
  [
    "the value of log",
    () =>
      fitted(
        (model) =>
          (model.trainingStep = function (batch) {
            this.log("x", nothing());
            return this.loss(batch, true);
          }),
      ),
    /log\("x".*undefined/,
  ],
  [
    "a text as the value of log",
    () =>
      fitted(
        (model) =>
          (model.trainingStep = function (batch) {
            this.log("x", giving("5")());
            return this.loss(batch, true);
          }),
      ),
    /log\("x".*"5"/,
  ],
  [
    "trainDataloader",
    () => new Trainer(quiet).fit(Object.assign(makeTiny(TinyModule), { trainDataloader: nothing })),
    /no training data|`train` must/,
  ],
  [
    "valDataloader",
    () =>
      new Trainer(quiet).fit(
        Object.assign(makeTiny(TinyModule), {
          trainDataloader: () => makeLoader(),
          valDataloader: giving(5),
        }),
      ),
    /`val` must be a DataLoader/,
  ],
  [
    "an async trainDataloader",
    () =>
      new Trainer(quiet).fit(
        Object.assign(makeTiny(TinyModule), { trainDataloader: giving(Promise.resolve(makeLoader())) }),
      ),
    /`train` must be.*await/,
  ],
  [
    "a loader's transform",
    () =>
      new Trainer(quiet).fit(makeTiny(TinyModule), {
        train: new DataLoader(makePoints(), { transform: nothing }),
      }),
    /Batch 0 of `train` is missing.*transform/,
  ],
  [
    "a loader's collate",
    () =>
      new Trainer(quiet).fit(makeTiny(TinyModule), { train: new SampleLoader([1, 2], { collate: nothing }) }),
    /Batch 0 of `train` is missing.*collate/,
  ],
  [
    "a loader's sampler",
    () =>
      new Trainer(quiet).fit(makeTiny(TinyModule), {
        train: new DataLoader(makePoints(), { sampler: nothing }),
      }),
    /`sampler` must return 96 rows/,
  ],
  ["a loss of fromLayers", () => fitLayers({ loss: nothing }), /`loss`.*undefined/],
  ["a loss of fromLayers that is a number", () => fitLayers({ loss: giving(5) }), /`loss`.*5/],
  ["a metric of fromLayers", () => fitLayers({ metrics: { own: nothing } }), /`own`.*undefined/],
  ["an optimizer's maker of fromLayers", () => fitLayers({ optimizer: nothing }), /`optimizer`.*undefined/],
  [
    "an isolate that gives nothing back",
    async () => {
      const model = makeTiny(TinyModule);
      model.isolate = nothing;
      await new Trainer(quiet).isolated(model, sixAndThree(), async (trial) => trial.step());
    },
    /`isolate` must return a function/,
  ],
  [
    "an async predictStep",
    async () => {
      const model = makeTiny(TinyModule);
      model.predictStep = giving(Promise.resolve(tf.scalar(1)));
      await new Trainer(quiet).predict(model, makeLoader());
    },
    /`predictStep` must not be async/,
  ],
  [
    "BackboneFinetuning's lambdaFunc",
    () => {
      const callbacks = [
        new BackboneFinetuning({
          backbone: (model) => (model as TinyModule).net.layers[0],
          unfreezeBackboneAtEpoch: 0,
          lambdaFunc: nothing,
        }),
      ];
      return fitted(
        (model) => {
          model.configureOptimizers = () => {
            const [first, ...rest] = model.net.layers.map((layer) => findVariables(layer).trainable);
            return sgd({ lr: 0.01, groups: [{ params: rest.flat() }, { params: first ?? [] }] });
          };
        },
        { callbacks },
      );
    },
    /`lambdaFunc`.*undefined/,
  ],
  [
    "accumulateGradBatches as a callback sets it",
    () => {
      const setter: Callback = {
        onTrainEpochStart: (trainer) => void (trainer.accumulateGradBatches = nothing()),
      };
      return fitted(() => undefined, { callbacks: [setter] });
    },
    /`accumulateGradBatches` must be an integer/,
  ],
  ["seeded's function that is async", async () => seeded(1, async () => tf.scalar(1)), /`seeded`.*async/],
  [
    "an update of an optimizer",
    () => {
      const rule: UpdateRule<object> = {
        name: "own",
        slots: () => ({}),
        scalars: ({ lr }) => ({ lr }),
        update: nothing,
      };
      return fitted((model) => (model.configureOptimizers = () => makeOptimizer(rule, {}, { lr: 0.01 })));
    },
    /`own`.*undefined/,
  ],
];

describe("what a user's function returns is checked, and the error names the function:", () => {
  test.each(cases)("%s", async (_, run, message) => {
    const error: unknown = await run().then(
      () => "nothing was refused",
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FulmineError);
    expect((error as FulmineError).message).toMatch(message);
  });
});
