import { parseArgs } from "node:util";
import { FulmineError, prepareRuntime, seeded, Trainer, trainingFigure, type Accelerator } from "fulmine";
import { Digits } from "./digits.js";
import { loadDigits } from "./loadDigits.js";

const { values } = parseArgs({
  options: {
    accelerator: { type: "string", default: "auto" },
    figure: { type: "string", default: "digits-lr.svg" },
    training: { type: "string", default: "digits-training.svg" },
    epochs: { type: "string", default: "20" },
  },
});
try {
  await main();
} catch (error) {
  if (!(error instanceof FulmineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  await prepareRuntime(values.accelerator as Accelerator);

  const epochs = Number(values.epochs);
  const { train, val, test } = await loadDigits();
  console.log(
    `UCI digits: ${train.size} images to train on, ${val.size} to validate, ${test.size} held out\n`,
  );

  const model = seeded(3, () => new Digits({ lr: 1e-3, hidden: 256, epochs }));
  const trainer = new Trainer({
    maxEpochs: epochs,
    seed: 3,
    autoLrFind: true,
    callbacks: [
      {
        async onFitStart() {
          const figure = await trainer.lrFinder?.plot({ suggest: true, title: "UCI digits, Adam" });
          if (figure === undefined) return;
          console.log(`\n${figure.toString()}\n\nSaved as ${await figure.save(values.figure)}\n`);
        },
      },
    ],
  });
  const result = await trainer.fit(model, { train, val });
  const figure = trainingFigure(result, { title: "UCI digits, Adam" });
  console.log(`\n${figure.toString()}\n\nSaved as ${await figure.save(values.training)}`);

  const { val_acc: accuracy = NaN } = await trainer.validate(model, test);
  console.log(
    `\nTraining ${result.status}. Accuracy on the ${test.size} held-out images: ${accuracy.toFixed(4)}`,
  );
}
