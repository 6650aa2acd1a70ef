import { counted } from "@fulmine/core/plugin";
import type { BestCheckpoint, FitResult, Trainer, TrainerOptions } from "@fulmine/core";
import type { LrFinderOptions } from "@fulmine/lr-finder";
import { nodeFiles } from "@fulmine/core/node";
import { CliTrainer, prepareCli, withQuietOutput } from "../cliTrainer.js";
import { command, interruptedStatus } from "../command.js";
import { findCheckpoint, requireCheckpoint } from "../findCheckpoint.js";
import { wholeFlag } from "../flags.js";
import { readRunFlags, runFlags } from "../sharedFlags.js";
import { loadTrainingFile, requireTrainingFile, TRAINING_FILE } from "../trainingFile.js";

/** `fulmine fit`: trains the model of a training file. */
export const fit = command({
  name: "fit",
  summary: "Train a model",
  operand: TRAINING_FILE,
  flags: {
    "find-lr": { type: "boolean", meaning: "find the learning rate first and train with it" },
    epochs: { type: "string", value: "COUNT", meaning: "the number of epochs; overrides the file" },
    ...runFlags,
    resume: {
      type: "string",
      value: "WHICH",
      meaning:
        "continue from best or last of what the file's ModelCheckpoint saved, or from the path of a checkpoint",
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
    ["fulmine fit ./train.mjs --resume last --epochs 40", "continue an earlier fit"],
    ["fulmine fit ./train.mjs --save last.ckpt --json", "save a checkpoint, print the metrics as JSON"],
  ],
  async run(given, file) {
    const { save, resume, json = false, "find-lr": isFinding = false } = given;
    const { seed, accelerator } = readRunFlags(given);
    const limits = { ...wholeFlag("maxEpochs", "epochs", given.epochs, 1), ...seed };
    const train = async (): Promise<FitResult & { readonly hparams: object }> => {
      requireTrainingFile(file);
      requireCheckpoint("resume", resume);
      // Check the path before training, so that the result cannot be lost.
      if (save !== undefined) await nodeFiles.prepare(save);
      await prepareCli(accelerator);
      const loaded = await loadTrainingFile(file, limits.seed);
      const { model, data, trainer: options } = loaded;
      const checkpoint = await findCheckpoint("resume", resume, loaded);
      const saving = {
        onFitEnd: (trainer: Trainer) => (save === undefined ? undefined : trainer.saveCheckpoint(save)),
      };
      const callbacks = [...(options.callbacks ?? []), saving];
      const trainerOptions = { ...options, ...limits, callbacks, ...(isFinding ? searching(options) : {}) };
      const trainer = new CliTrainer(json ? { ...trainerOptions, enableProgressBar: false } : trainerOptions);
      const result = await trainer.fit(model, data, checkpoint === undefined ? {} : { checkpoint });
      return { ...result, hparams: model.hparams };
    };
    const result = await (json ? withQuietOutput(train) : train());
    const checkpoint = save === undefined ? {} : { checkpoint: save };
    console.log(json ? JSON.stringify({ ...result, ...checkpoint }, null, 2) : resultText(result, save));
    return result.status === "interrupted" ? interruptedStatus() : 0;
  },
});

/** Turns the search on; a file that has options for it keeps them. */
function searching(options: TrainerOptions & LrFinderOptions): LrFinderOptions {
  const { autoLrFind = false } = options;
  return { autoLrFind: autoLrFind === false ? true : autoLrFind };
}

function resultText(
  { status, epochs, steps, metrics, bestCheckpoint }: FitResult,
  save: string | undefined,
): string {
  return [
    `Training ${status} after ${counted(epochs, "epoch")}, ${counted(steps, "step")}.`,
    ...Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`),
    ...(bestCheckpoint === null ? [] : [bestText(bestCheckpoint)]),
    ...(save === undefined ? [] : [`Saved as ${save}`]),
  ].join("\n");
}

function bestText({ path, score, monitor, epoch }: BestCheckpoint): string {
  const when = epoch === null ? "" : `, epoch ${epoch} counted from 0`;
  return `Best checkpoint: ${path} (${monitor} ${score.toPrecision(4)}${when})`;
}
