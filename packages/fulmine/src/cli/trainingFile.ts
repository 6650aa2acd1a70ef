import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FulmineError, Module, type Batch, type FitInput, type TrainerOptions } from "@fulmine/core";
import { UsageError } from "./usageError.js";
import { withSeed } from "./withSeed.js";

/** What a training file exports, by these names or as its default export; what is made of tensors, best as functions. */
export interface TrainingFile {
  readonly model: Module;
  /** Left out where the module brings its own dataloaders. */
  readonly data: FitInput<Batch> | undefined;
  /** What the Trainer is told. */
  readonly trainer: TrainerOptions;
}

/** How a training file is described in help texts. */
export const TRAINING_FILE = {
  name: "FILE",
  meaning:
    "a module that exports `model`, `data` ({ train, val }), or functions that make them, and `trainer`, options",
} as const;

/**
 * Loads a training file and makes what it exports.
 *
 * @param seed - What its chance follows from, that of initial weights before all; left out, nothing.
 * @throws UsageError when there is no such file; FulmineError `INVALID_MODULE` when it exports something else; and
 * whatever it throws itself.
 */
export async function loadTrainingFile(path: string, seed?: number): Promise<TrainingFile> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`There is no file ${path}.`);
  const loaded = await withSeed(seed, () => importFile(file, path));
  const exported = isRecord(loaded["default"]) ? { ...loaded, ...loaded["default"] } : loaded;
  // Each begins from the seed: what one of them draws changes nothing of the others.
  const madeOf = (name: string): Promise<unknown> => withSeed(seed, () => made(exported[name]));
  const model = await madeOf("model");
  if (!isModule(model)) throw noModule(path, model);
  const data = await madeOf("data");
  const trainer = await madeOf("trainer");
  // The Trainer checks both, and says what is wrong.
  return { model, data: data as FitInput<Batch> | undefined, trainer: trainer ?? {} };
}

async function importFile(file: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded: unknown = await import(pathToFileURL(file).href);
    return loaded as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!isRecord(error) || error["code"] !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    throw new FulmineError("INVALID_MODULE", `This Node (${process.version}) can't load ${path}.`, {
      todo: "Compile it first and give the JavaScript, or use a Node that runs TypeScript (22.18 or later).",
      cause: error,
    });
  }
}

async function made(exported: unknown): Promise<unknown> {
  return typeof exported === "function" ? await (exported as () => unknown)() : exported;
}

function noModule(path: string, received: unknown): FulmineError {
  const isForeign = isRecord(received) && "trainingStep" in received && "configureOptimizers" in received;
  return new FulmineError(
    "INVALID_MODULE",
    `${path} must export \`model\`, a Module or a function that makes one.`,
    {
      received,
      todo: isForeign
        ? "This one comes from another copy of fulmine: install fulmine in the project and run npx fulmine there."
        : "Write e.g. export const model = () => new Digits({ lr: 1e-3 });",
    },
  );
}

function isModule(value: unknown): value is Module {
  return value instanceof Module;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
