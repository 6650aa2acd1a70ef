// The range test of Smith (2017) and what it is for: bounds between which the rate may go up and down.
import { parseArgs } from "node:util";
import { loadDigits } from "@fulmine-examples/digits/loadDigits";
import {
  prepareRuntime,
  seeded,
  Trainer,
  type Accelerator,
  type FindLrOptions,
  type LrFinder,
} from "fulmine";
import { Net } from "./net.js";
import { weightsDigest } from "./weightsDigest.js";

const { values } = parseArgs({ options: { accelerator: { type: "string", default: "auto" } } });
await prepareRuntime(values.accelerator as Accelerator);

const { train, val, test } = await loadDigits();
const stepSize = 2 * Math.ceil(train.size / 64);
const model = seeded(1, () => new Net({ lr: 1e-7, weightDecay: 1e-2, range: null, stepSize }));
const trainer = new Trainer({ maxEpochs: 12, seed: 1, enableModelSummary: false });

const rangeTest = (options: FindLrOptions): Promise<LrFinder> =>
  trainer.findLr(model, { train, val }, { minLr: 1e-7, rule: "steepest", progress: false, ...options });

const before = weightsDigest(model.net);
const log = await rangeTest({ maxLr: 100 });
const logVal = await rangeTest({ maxLr: 100, val: true });
const linear = await rangeTest({ maxLr: 1, mode: "linear" });
const linearVal = await rangeTest({ maxLr: 1, mode: "linear", val: true });
const after = weightsDigest(model.net);
console.log(
  `\nWeights before the four sweeps ${before}, after them ${after}: ${before === after ? "equal" : "CHANGED"}\n`,
);

const drawing = { change: true, label: "on the training batch" };
const logFigure = await log.plot({
  ...drawing,
  suggest: true,
  title: "Range test, Adam with weight decay 0.01",
  overlay: { "on the validation set": logVal },
});
const linearFigure = await linear.plot({
  ...drawing,
  title: "Range test, rates at equal differences",
  overlay: { "on the validation set": linearVal },
});
console.log(log.explain());
console.log(`\nSaved as ${await logFigure.save("cyclical-lr.svg")}`);
console.log(`Saved as ${await linearFigure.save("cyclical-lr-linear.svg")}\n`);

const { lr, range } = log.suggest();
if (lr === null) throw new Error("The range test found no rate.");
console.log(
  `Steepest decrease at ${lr.toExponential(2)}; cycling from ${range[0].toExponential(2)} to ${range[1].toExponential(2)}\n`,
);
model.hparams.range = range;
await trainer.fit(model, { train, val });

const { val_acc: accuracy = NaN } = await trainer.validate(model, test);
console.log(`\nAccuracy on the ${test.size} held-out images: ${accuracy.toFixed(4)}`);
