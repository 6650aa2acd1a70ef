// The three ways in which PyTorch Lightning's users find a learning rate, as they look here.
import { parseArgs } from "node:util";
import { loadDigits } from "@fulmine-examples/digits/loadDigits";
import { prepareRuntime, seeded, Trainer, type Accelerator } from "fulmine";
import { OddNet, UsualNet } from "./net.js";

const { values } = parseArgs({ options: { accelerator: { type: "string", default: "auto" } } });
await prepareRuntime(values.accelerator as Accelerator);

const data = await loadDigits();
const options = { maxEpochs: 5, seed: 1, enableModelSummary: false } as const;

console.log("\n1. fit finds the rate first, and writes it to hparams.lr");
const usual = seeded(1, () => new UsualNet({ lr: 1e-5 }));
await new Trainer({ ...options, autoLrFind: true }).fit(usual, data);
console.log(`hparams.lr = ${usual.hparams.lr.toPrecision(3)}`);

console.log("\n2. the rate has another name");
const odd = seeded(1, () => new OddNet({ s: 1e-5 }));
await new Trainer({ ...options, autoLrFind: "s" }).fit(odd, data);
console.log(`hparams.s = ${odd.hparams.s.toPrecision(3)}`);

console.log("\n3. by hand");
const model = seeded(1, () => new UsualNet({ lr: 1e-5 }));
const trainer = new Trainer(options);
const finder = await trainer.findLr(model, data);
const { lr, loss } = finder.results;
console.log(
  `results: ${lr.length} rates from ${lr[0]?.toExponential(1) ?? ""}, loss ${loss[0]?.toFixed(2) ?? ""} at first`,
);
const figure = await finder.plot({ suggest: true, title: "UCI digits, Adam" });
console.log(`plot: saved as ${await figure.save("lightning-style-lr.svg")}`);
console.log(`suggestion: ${finder.suggestion()?.toPrecision(3) ?? "none"}`);
model.hparams.lr = finder.suggestion() ?? 0.02;
const { metrics } = await trainer.fit(model, data);
console.log(`val_loss ${metrics["val_loss"]?.toFixed(3) ?? ""}`);
