// A character model after Bengio et al. (2003): which of a thousand rates between 0.001 and 1 does it learn at, and what
// names does it make up when trained at that rate and then at a tenth of it?
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { prepareRuntime, seeded, Trainer, type Accelerator } from "fulmine";
import { Letters } from "./letters.js";
import { loadNames } from "./loadNames.js";
import { lossCurve } from "./lossCurve.js";
import { windowMeans } from "./windowMeans.js";

const { values } = parseArgs({
  options: {
    accelerator: { type: "string", default: "auto" },
    steps: { type: "string", default: "20000" },
  },
});
await prepareRuntime(values.accelerator as Accelerator);

const steps = Number(values.steps);
const { count, train, val } = await loadNames();
const model = seeded(1, () => new Letters({ lr: 0.1, steps, embedding: 10, hidden: 200 }));
const losses: number[] = [];
const trainer = new Trainer({
  maxSteps: steps,
  seed: 1,
  enableModelSummary: false,
  callbacks: [{ onTrainBatchEnd: (_trainer, _module, { loss }) => void losses.push(Math.log10(loss)) }],
});

// 10 ** linspace(-3, 0, 1000), one batch each, and none left out
const finder = await trainer.findLr(
  model,
  { train },
  { minLr: 1e-3, maxLr: 1, numTraining: 1000, earlyStopThreshold: null },
);
const byRate = await finder.plot({ suggest: true, title: `${count} names: a thousand rates` });
const byExponent = await finder.plot({
  suggest: true,
  title: `${count} names: a thousand rates`,
  x: "exponent",
});
console.log(`\n${byExponent.toString()}\n`);
console.log(
  `Saved as ${await byRate.save("names-lr.svg")} and ${await byExponent.save("names-exponent.svg")}\n`,
);

// Read off the curve: it is lowest about 10 ** -1.
const { val_loss: before = NaN } = await trainer.validate(model, val);
await trainer.fit(model, { train });
const { val_loss: after = NaN } = await trainer.validate(model, val);

const window = Math.max(1, Math.floor(steps / 100));
const means = windowMeans(losses, window);
await writeFile("names-loss.svg", lossCurve(means, window));
const tenths = windowMeans(means, Math.max(1, Math.floor(means.length / 10)));
console.log(`\nlog10 of the loss, in tenths of the ${losses.length} steps, the last at a tenth of the rate:`);
console.log(tenths.map((mean) => mean.toFixed(3)).join("  "));
console.log(
  `\nHeld-out loss ${before.toFixed(3)} before training, ${after.toFixed(3)} after; names made up:`,
);
const written = seeded(7, () => Array.from({ length: 20 }, () => model.write()));
console.log(written.join(", "));
