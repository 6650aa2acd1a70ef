import { counted } from "@fulmine/core/plugin";
import type { FitResult, Trainer } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { CliTrainer, prepareCli, withQuietOutput } from "../cliTrainer.js";
import { command, interruptedStatus } from "../command.js";
import { numberFlag } from "../flags.js";
import { loadTrainingFile, TRAINING_FILE } from "../trainingFile.js";

/** `fulmine fit`: trains the model of a training file. */
export const fit = command({
  name: "fit",
  summary: "Train a model",
  operand: TRAINING_FILE,
  flags: {
    "find-lr": { type: "boolean", meaning: "find the learning rate first and train with it" },
    epochs: { type: "string", value: "COUNT", meaning: "the number of epochs; overrides the file" },
    seed: {
      type: "string",
      value: "NUMBER",
      meaning: "the seed of weights, shuffles, dropout and all other random numbers",
    },
    accelerator: {
      type: "string",
      value: "NAME",
      meaning: "auto (default), gpu, native, webgpu, wasm or cpu",
    },
    save: {
      type: "string",
      value: "PATH",
      meaning: "write a checkpoint when training ends or Ctrl-C stops it",
    },
    json: { type: "boolean", meaning: "print JSON" },
  },
  examples: [
    ["fulmine fit ./train.mjs --epochs 20 --find-lr", "find the learning rate, then train"],
    ["fulmine fit ./train.mjs --save last.ckpt --json", "save a checkpoint, print the metrics as JSON"],
  ],
  async run({ epochs, seed, accelerator, save, json = false, "find-lr": autoLrFind = false }, file) {
    const limits = { ...numberFlag("maxEpochs", "epochs", epochs), ...numberFlag("seed", "seed", seed) };
    const train = async (): Promise<FitResult & { readonly hparams: object }> => {
      // Check the path before training, so that the result cannot be lost.
      if (save !== undefined) await nodeFiles.prepare(save);
      await prepareCli(accelerator);
      const { model, data, trainer: options } = await loadTrainingFile(file, limits.seed);
      const saving = {
        onFitEnd: (trainer: Trainer) => (save === undefined ? undefined : trainer.saveCheckpoint(save)),
      };
      const callbacks = [...(options.callbacks ?? []), saving];
      const trainerOptions = { ...options, ...limits, callbacks, ...(autoLrFind ? { autoLrFind } : {}) };
      const trainer = new CliTrainer(json ? { ...trainerOptions, enableProgressBar: false } : trainerOptions);
      const result = await trainer.fit(model, data);
      return { ...result, hparams: model.hparams };
    };
    const result = await (json ? withQuietOutput(train) : train());
    const checkpoint = save === undefined ? {} : { checkpoint: save };
    console.log(json ? JSON.stringify({ ...result, ...checkpoint }, null, 2) : resultText(result, save));
    return result.status === "interrupted" ? interruptedStatus() : 0;
  },
});

function resultText({ status, epochs, steps, metrics }: FitResult, save: string | undefined): string {
  return [
    `Training ${status} after ${counted(epochs, "epoch")}, ${counted(steps, "step")}.`,
    ...Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`),
    ...(save === undefined ? [] : [`Saved as ${save}`]),
  ].join("\n");
}
