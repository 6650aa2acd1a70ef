import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { decodeCheckpoint, FulmineError, ModelCheckpoint } from "@fulmine/core";
import { isObject, type ModelCheckpointState } from "@fulmine/core/plugin";
import { UsageError } from "./command.js";
import type { TrainingFile } from "./trainingFile.js";

/** What a `ModelCheckpoint` had saved when it wrote its latest file. */
interface Saved {
  readonly saver: ModelCheckpoint;
  readonly folder: string;
  readonly state: ModelCheckpointState;
  /** When that file was written, in milliseconds. */
  readonly at: number;
}

/**
 * Refuses a flag that names a file that is not there, before a backend is installed for it.
 *
 * @throws UsageError
 */
export function requireCheckpoint(flag: string, which: string | undefined): void {
  if (which === undefined || which === "best" || which === "last" || existsSync(which)) return;
  throw new UsageError(`--${flag}: there is no file ${which}. Give best, last or the path of a checkpoint.`);
}

/**
 * Finds the checkpoint that a flag names, in the folders of the training file's `ModelCheckpoint`s.
 *
 * @param flag - The flag's name in messages.
 * @param which - `best`, `last` or a path; a file of the name `best` is `./best`.
 * @returns The path; `undefined` without the flag.
 * @throws UsageError when there is no such checkpoint, or when several are the best.
 */
export async function findCheckpoint(
  flag: string,
  which: string | undefined,
  { model, trainer }: Pick<TrainingFile, "model" | "trainer">,
): Promise<string | undefined> {
  requireCheckpoint(flag, which);
  if (which !== "best" && which !== "last") return which;
  const callbacks = [...(trainer.callbacks ?? []), ...(model.configureCallbacks?.() ?? [])];
  const savers = callbacks.filter((callback) => callback instanceof ModelCheckpoint);
  if (savers.length === 0 && trainer.enableCheckpointing === true) savers.push(new ModelCheckpoint());
  const root = trainer.defaultRootDir ?? ".";
  const folderOf = ({ dirpath }: ModelCheckpoint): string => dirpath || `${root}/checkpoints`;
  // Savers often share a folder; its files may be large, so each is read once.
  const states = new Map<string, Promise<object>>();
  const statesIn: StateReader = (path) => {
    const read = states.get(path) ?? readStates(path);
    states.set(path, read);
    return read;
  };
  const found = await Promise.all(savers.map((saver) => readSaved(saver, folderOf(saver), statesIn)));
  const paths = found
    .filter((each) => each !== null)
    .toSorted((a, b) => b.at - a.at)
    .flatMap((saved) => (which === "best" ? bestOf(saved) : lastOf(saved)) ?? []);
  const [path] = paths;
  if (path === undefined) throw nothingSaved(flag, which, savers.map(folderOf));
  if (which === "best" && paths.length > 1) {
    throw new UsageError(`--${flag} best is one of several: ${paths.join(", ")}. Give the path of one.`);
  }
  if (existsSync(path)) return path;
  throw new UsageError(`--${flag} ${which} is ${path}, but the file is gone. Give the path of another.`);
}

/** Reads the state of a `ModelCheckpoint` from the latest file that it wrote; `null` if there is none. */
async function readSaved(
  saver: ModelCheckpoint,
  folder: string,
  statesIn: StateReader,
): Promise<Saved | null> {
  const all: Saved[] = [];
  for (const { path, at } of await latestFiles(folder)) {
    // Only what may be the latest file must be readable.
    const callbacks = await statesIn(path).catch((error: unknown) => {
      if (all.length === 0) throw error;
      return {};
    });
    const state: unknown = Reflect.get(callbacks, saver.stateKey);
    if (isObject(state) && "scores" in state)
      all.push({ saver, folder, state: state as unknown as ModelCheckpointState, at });
  }
  // Copied files can have any time, but a file names those that the same run wrote before it.
  let latest = all[0];
  for (let next = latest; next !== undefined;) {
    const { state } = (latest = next);
    next = all.find((other) => follows(other.state, state));
  }
  return latest ?? null;
}

/** Finds the states of the callbacks in a file. */
type StateReader = (path: string) => Promise<object>;

/** Reads the states of the callbacks in a file. */
async function readStates(path: string): Promise<object> {
  try {
    return (await decodeCheckpoint(await readFile(path))).callbacks;
  } catch (cause) {
    throw new FulmineError("INVALID_CHECKPOINT", `${path} can't be read: ${reasonOf(cause)}`, {
      todo: "Remove it, or give the path of another checkpoint.",
      cause,
    });
  }
}

/** Whether a state is of a later save of the same run than another one. */
function follows(state: ModelCheckpointState, { path = "", lastStepSaved }: ModelCheckpointState): boolean {
  const names = Object.hasOwn(state.scores, path) || state.lastModelPath === path;
  return path !== "" && names && state.lastStepSaved > lastStepSaved;
}

/** The checkpoint files in a folder, the latest first. */
async function latestFiles(
  folder: string,
): Promise<readonly { readonly path: string; readonly at: number }[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".ckpt")).map((name) => join(folder, name));
  const dated = await Promise.all(files.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  return dated.toSorted((a, b) => b.at - a.at);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function bestOf(saved: Saved): string | null {
  return saved.saver.monitor === null ? null : topOf(saved, saved.saver.mode);
}

/** As in `ModelCheckpoint.lastCheckpoint`: the best by a metric is not the last. */
function lastOf(saved: Saved): string | null {
  const { saver, state } = saved;
  if (state.lastModelPath !== "") return moved(saved, state.lastModelPath);
  return saver.monitor === null ? topOf(saved, "max") : null;
}

function topOf(saved: Saved, mode: "min" | "max"): string | null {
  const sign = mode === "min" ? 1 : -1;
  const [top] = Object.entries(saved.state.scores).toSorted(([, a], [, b]) => sign * (a - b));
  return top === undefined ? null : moved(saved, top[0]);
}

/** The present path of a file; the fit may have run in another working folder. */
function moved({ folder, state }: Saved, path: string): string {
  return join(folder, path.slice(state.dirpath.length + 1));
}

function nothingSaved(flag: string, which: string, folders: readonly string[]): UsageError {
  if (folders.length === 0) {
    return new UsageError(
      `--${flag} ${which} needs a ModelCheckpoint among the callbacks of the training file's \`trainer\`. Add one, or give the path of a checkpoint.`,
    );
  }
  const needs =
    which === "best"
      ? "a ModelCheckpoint with `monitor`"
      : "a ModelCheckpoint with `saveLast: true`, or without `monitor`,";
  return new UsageError(
    `--${flag} ${which}: ${needs} has saved nothing in ${[...new Set(folders)].join(", ")}. Run fulmine fit first, or give the path of a checkpoint.`,
  );
}
