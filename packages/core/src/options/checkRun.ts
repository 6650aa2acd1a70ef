import { FulmineError } from "../fulmineError.js";
import { checkOptions } from "./checkOptions.js";
import { callable, isObject, optional, signal, text, whole, type Requirements } from "./requirements.js";
import { safely } from "./safely.js";

/** The settings of each kind of run. */
const settings: Readonly<Record<string, Requirements>> = {
  fit: {
    checkpoint: optional({
      words: "the path of a file, or a checkpoint",
      holds: (value) => text().holds(value) || isObject(value),
    }),
  },
  isolated: {
    name: optional(text()),
    seed: optional(whole),
    signal: optional(signal),
  },
};

/**
 * Checks what a run is called with, before it claims anything.
 *
 * @param run - The method's name in messages.
 * @param body - What `isolated` is to run.
 * @throws {@link FulmineError} `INVALID_MODULE`, `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function checkRun(run: string, module: unknown, options: object = {}, body?: unknown): void {
  const needed = ["attachTrainer", ...(run === "fit" || run === "isolated" ? TRAINING : [])];
  if (!safely(() => isObject(module, "attachTrainer"))) {
    throw new FulmineError("INVALID_MODULE", `\`${run}\` takes a module first.`, {
      received: module,
      todo: "Pass an instance of a class that extends Module, or fromLayers(model, { loss }).",
    });
  }
  const missing = needed.find((method) => !safely(() => isObject(module, method)));
  if (missing !== undefined) {
    throw new FulmineError("INVALID_MODULE", `The module has no \`${missing}\`, which \`${run}\` needs.`, {
      received: module,
      todo: "Define it as a method of the class.",
    });
  }
  checkOptions(options, settings[run] ?? {}, run);
  if (run === "isolated") checkOptions({ body }, { body: callable() }, run);
}

/** What a module must have to be trained. */
const TRAINING: readonly string[] = ["trainingStep", "configureOptimizers"];
