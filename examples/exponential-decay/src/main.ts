// What is often written by hand around a training loop: multiply the rate by 1.3 after each step until the loss is NaN or
// far above its minimum, look at the curve, then train while the rate decays exponentially.
import { parseArgs } from "node:util";
import { loadDigits } from "@fulmine-examples/digits/loadDigits";
import { prepareRuntime, seeded, Trainer, type Accelerator } from "fulmine";
import { Net } from "./net.js";

const { values } = parseArgs({ options: { accelerator: { type: "string", default: "auto" } } });
await prepareRuntime(values.accelerator as Accelerator);

const { train, val, test } = await loadDigits();
const model = seeded(1, () => new Net({ lr: 1e-4, gamma: 0.9 }));
const trainer = new Trainer({
  maxEpochs: 25,
  seed: 1,
  enableProgressBar: false,
  enableModelSummary: false,
  callbacks: [
    {
      onTrainEpochEnd({ currentEpoch, optimizers, callbackMetrics }) {
        const rate = optimizers[0]?.lr.toFixed(5) ?? "";
        const accuracy = callbackMetrics["val_acc"]?.toFixed(4) ?? "";
        console.log(`epoch ${String(currentEpoch + 1).padStart(2)}  lr ${rate}  val_acc ${accuracy}`);
      },
    },
  ],
});

const finder = await trainer.findLr(
  model,
  { train },
  { minLr: 1e-5, maxLr: 1000, growth: 1.3, beta: 0, earlyStopThreshold: 3 },
);
const { lr, loss, stopped } = finder.results;
console.log(`\n${lr.length} steps from 1e-5 on, each rate 1.3 times the one before; the sweep ${stopped}:`);
const [first = NaN, lowest, last = NaN] = [loss[0], Math.min(...loss), loss.at(-1)];
console.log(
  `the loss fell from ${first.toFixed(3)} to ${lowest.toFixed(3)}, and was ${last.toFixed(3)} in the end`,
);

const figure = await finder.plot({ suggest: true, title: "Growing by 1.3 per step, SGD on UCI digits" });
console.log(`\n${figure.toString()}\n\nSaved as ${await figure.save("exponential-decay-lr.svg")}\n`);

model.hparams.lr = finder.suggestion() ?? 0.1;
await trainer.fit(model, { train, val });

const { val_acc: accuracy = NaN } = await trainer.validate(model, test);
console.log(`\nAccuracy on the ${test.size} held-out images: ${accuracy.toFixed(4)}`);
