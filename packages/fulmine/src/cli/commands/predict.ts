import { FulmineError, type Callback } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { counted } from "@fulmine/core/plugin";
import type { TensorContainer } from "@tensorflow/tfjs";
import { withQuietOutput } from "../cliTrainer.js";
import { command, UsageError } from "../command.js";
import { readPredictions, requireRows, toCsv, toJson } from "../predictions.js";
import { runHeldOut } from "../runHeldOut.js";
import { checkpointFlag, runFlags } from "../sharedFlags.js";
import { TRAINING_FILE } from "../trainingFile.js";

const ENDINGS = [".json", ".csv"];

/** Fails at the first batch, and not when all are predicted. */
const checkRows: Callback = {
  onPredictBatchEnd: (_trainer, _module, outputs) => requireRows(outputs as TensorContainer),
};

/** `fulmine predict`: makes predictions with the model of a training file. */
export const predict = command({
  name: "predict",
  summary: "Make predictions with a model",
  operand: TRAINING_FILE,
  flags: {
    ...checkpointFlag,
    out: {
      type: "string",
      value: "PATH",
      meaning: `write the predictions, one per example; the ending selects the format: ${ENDINGS.join(", ")} (default: print JSON)`,
    },
    ...runFlags,
  },
  examples: [
    ["fulmine predict ./train.mjs --checkpoint best --out predictions.csv", "write a row per example"],
    ["fulmine predict ./train.mjs --checkpoint last | jq length", "print JSON for programs"],
  ],
  async run(flags, file) {
    const { out } = flags;
    if (out !== undefined && !ENDINGS.some((ending) => out.endsWith(ending)))
      throw new UsageError(`--out must end with ${ENDINGS.join(" or ")}. Received: ${out}.`);
    const { result: batches } = await withQuietOutput(() =>
      runHeldOut({
        ...{ file, part: "predict", flags, callbacks: [checkRows] },
        // Check the path before the run, so that the result cannot be lost.
        prepare: async () => (out === undefined ? undefined : nodeFiles.prepare(out)),
        pass: ({ trainer, model, data, options }) => trainer.predict(model, data, options),
      }),
    );
    const predictions = await readPredictions(batches);
    if (out === undefined) {
      console.log(toJson(predictions));
      return 0;
    }
    await write(out, out.endsWith(".csv") ? toCsv(predictions) : `${toJson(predictions)}\n`);
    console.log(`Wrote ${counted(predictions.length, "prediction")} to ${out}`);
    return 0;
  },
});

async function write(path: string, text: string): Promise<void> {
  try {
    await nodeFiles.write(path, new TextEncoder().encode(text));
  } catch (cause) {
    if (cause instanceof FulmineError) throw cause;
    throw new FulmineError("UNAVAILABLE", `The predictions can't be written: ${String(cause)}.`, { cause });
  }
}
