import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  FulmineError,
  Module,
  RandomState,
  type Batch,
  type Dataloaders,
  type DataSource,
  type FitInput,
  type TrainerOptions,
} from "@fulmine/core";
import { UsageError } from "./command.js";

/**
 * The exports of a training file, by these names or as properties of its default export. Anything that holds tensors should
 * be a function that makes it.
 */
export interface TrainingFile {
  readonly model: Module;
  /** `undefined` for a module with its own dataloaders. A fit ignores the parts `test` and `predict`. */
  readonly data: TrainingData | undefined;
  /** The options of the Trainer. */
  readonly trainer: TrainerOptions;
}

/** The data of a training file: a DataModule, or the data of each run. */
export type TrainingData = FitInput<Batch> & {
  readonly test?: DataSource<Batch>;
  readonly predict?: DataSource<Batch>;
};

/** The operand of commands that read a training file. */
export const TRAINING_FILE = {
  name: "FILE",
  meaning:
    "a module that exports `model` and `data` ({ train, val, test, predict }), or functions that make them, and `trainer` options",
} as const;

/**
 * Refuses a path that is no file, before a backend is installed for it.
 *
 * @throws UsageError
 */
export function requireTrainingFile(path: string): void {
  const found = statSync(resolve(path), { throwIfNoEntry: false });
  if (found === undefined) {
    throw new UsageError(
      `There is no file ${path}. Check the path: it is relative to the working directory.`,
    );
  }
  if (found.isDirectory()) throw new UsageError(`${path} is a folder. Give the training file in it.`);
}

/**
 * Loads a training file and calls the functions that it exports.
 *
 * @param seed - Seeds `Math.random`, which initial weights are drawn from. Unseeded when left out.
 * @throws FulmineError `INVALID_MODULE` when it is no JavaScript or exports no module; and any error that the file throws.
 */
export async function loadTrainingFile(path: string, seed?: number): Promise<TrainingFile> {
  const file = resolve(path);
  const loaded = await withSeed(seed, () => importFile(file, path));
  const exported = isRecord(loaded["default"]) ? { ...loaded, ...loaded["default"] } : loaded;
  // Each export starts from the seed, so that one never shifts the random numbers of another.
  const makeExport = (name: string): Promise<unknown> => withSeed(seed, () => valueOf(exported[name]));
  const model = await makeExport("model");
  if (!isModule(model)) throw noModule(path, model);
  const data = await makeExport("data");
  const trainer = await makeExport("trainer");
  // The Trainer validates both.
  return { model, data: data as TrainingData | undefined, trainer: trainer ?? {} };
}

/**
 * The data of a test or of predictions: the part of that name, a DataModule, or `undefined` for the module's own dataloader.
 *
 * @throws FulmineError `INVALID_DATA` if the file has none.
 */
export function heldOutData(
  path: string,
  { model, data }: TrainingFile,
  part: "test" | "predict",
): DataSource<Batch> | Dataloaders<Batch> | undefined {
  const dataloader = `${part}Dataloader` as const;
  if (isDataloaders(data)) return data;
  const source = isRecord(data) ? data[part] : undefined;
  if (source !== undefined || model[dataloader] !== undefined) return source;
  throw new FulmineError("INVALID_DATA", `${path} has no data to ${part}.`, {
    todo: `Export \`data\` with a part \`${part}\`, e.g. { train, val, ${part} }, or a DataModule with \`${dataloader}\`.`,
  });
}

function isDataloaders(data: TrainingData | undefined): data is TrainingData & Dataloaders<Batch> {
  return ["train", "val", "test", "predict"].some(
    (part) => isRecord(data) && typeof Reflect.get(data, `${part}Dataloader`) === "function",
  );
}

async function importFile(file: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded: unknown = await import(pathToFileURL(file).href);
    return loaded as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (isUnplacedSyntaxError(error)) {
      throw new FulmineError("INVALID_MODULE", `${path} can't be loaded: ${String(error)}.`, {
        todo: `Run \`node ${path}\`: it shows the line.`,
        cause: error,
      });
    }
    if (!isRecord(error) || error["code"] !== "ERR_UNKNOWN_FILE_EXTENSION") throw error;
    throw new FulmineError("INVALID_MODULE", `This Node (${process.version}) can't load ${path}.`, {
      todo: "Compile it first and give the JavaScript, or use a Node that runs TypeScript (22.18 or later).",
      cause: error,
    });
  }
}

/** Whether an error is of JavaScript that can't be parsed: its stack names only places within Node. */
function isUnplacedSyntaxError(error: unknown): error is SyntaxError {
  return error instanceof SyntaxError && error.stack?.includes("file://") !== true;
}

async function valueOf(exported: unknown): Promise<unknown> {
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

/**
 * Seeds `Math.random`, which TensorFlow.js draws initial weights from, while something runs. Only for a process that runs
 * nothing else meanwhile, such as a command.
 *
 * @param seed - Any integer. Unseeded when left out.
 */
async function withSeed<T>(seed: number | undefined, run: () => Promise<T>): Promise<T> {
  if (seed === undefined) return run();
  const original = Math.random;
  const random = new RandomState(seed);
  Math.random = () => random.float();
  try {
    return await run();
  } finally {
    Math.random = original;
  }
}
