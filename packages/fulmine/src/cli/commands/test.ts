import { withQuietOutput } from "../cliTrainer.js";
import { command } from "../command.js";
import { runHeldOut } from "../runHeldOut.js";
import { checkpointFlag, runFlags } from "../sharedFlags.js";
import { TRAINING_FILE } from "../trainingFile.js";

/** `fulmine test`: evaluates the model of a training file on its test data. */
export const test = command({
  name: "test",
  summary: "Evaluate a model on test data",
  operand: TRAINING_FILE,
  flags: { ...checkpointFlag, ...runFlags, json: { type: "boolean", meaning: "print JSON" } },
  examples: [
    ["fulmine test ./train.mjs --checkpoint best", "print the metrics of the best checkpoint"],
    ["fulmine test ./train.mjs --checkpoint runs/last.ckpt --json", "print them as JSON"],
  ],
  async run(flags, file) {
    const { json = false } = flags;
    const evaluate = () =>
      runHeldOut({
        ...{ file, part: "test", flags },
        pass: ({ trainer, model, data, options }) => trainer.test(model, data, options),
      });
    const { result, checkpoint } = await (json ? withQuietOutput(evaluate) : evaluate());
    const lines = Object.entries(result).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    console.log(json ? JSON.stringify({ metrics: result, checkpoint }, null, 2) : lines.join("\n"));
    return 0;
  },
});
