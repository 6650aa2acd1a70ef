/// <reference types="node" />
import { basename, join, resolve } from "node:path";
import { checkOptions } from "../../options/checkOptions.js";
import { mkdirSync, readdirSync } from "node:fs";
import { nonNegativeInteger, optional, text, type Validators } from "../../options/validators.js";
import { withWriteErrors } from "./logFile.js";

/** The folder of a run, which loggers of different kinds may share. */
interface SharedFolder {
  readonly options: RunFolderOptions;
  /** The classes of the loggers; two of one class would write to the same file. */
  readonly kinds: Set<unknown>;
  /** `null` before the first access. */
  path: string | null;
}

/** The base class of loggers that write to a folder for each run. */
export abstract class FolderLogger {
  #shared: SharedFolder;

  protected constructor(name: string, options: RunFolderOptions) {
    checkOptions(options, runFolderValidators, name);
    this.#shared = { options, kinds: new Set([this.constructor]), path: null };
  }

  /** The run's folder; created at the first access or log. */
  get folder(): string {
    return (this.#shared.path ??= claimRunFolder(this.#shared.options));
  }

  /** The last part of the folder's path, e.g. `"version_0"`; pass it to another logger to share the folder. */
  get version(): string {
    return basename(this.folder);
  }

  /**
   * Shares the folder of a logger of another class with the same `dir` and `name`, unless this logger has a `version` or a
   * folder already. The Trainer calls it, so that all loggers of a run write to one folder.
   */
  joinLoggers(loggers: readonly object[]): void {
    const { options, kinds, path } = this.#shared;
    if (options.version !== undefined || path !== null || kinds.size > 1) return;
    const place = resolve(placeOf(options));
    const others = loggers
      .filter((other) => other instanceof FolderLogger)
      .map((other) => other.#shared)
      .filter((other) => !other.kinds.has(this.constructor) && resolve(placeOf(other.options)) === place);
    // One that knows its folder comes first.
    const found =
      others.find((other) => other.options.version !== undefined || other.path !== null) ?? others[0];
    if (found === undefined) return;
    found.kinds.add(this.constructor);
    this.#shared = found;
  }
}

/** The folder of all runs. */
function placeOf({ dir, name = "" }: RunFolderOptions): string {
  return join(dir, name);
}

/** The folder of a run: `dir/name/version_N`, as in Lightning. */
export interface RunFolderOptions {
  /** Folder of all runs; created if needed. */
  readonly dir: string;
  /** Subfolder for an experiment. @defaultValue none */
  readonly name?: string;
  /**
   * The run: 3 for the folder `version_3`, or the name of a folder. An existing run is appended to.
   * @defaultValue one more than the last version
   */
  readonly version?: number | string;
}

/** Validators of {@link RunFolderOptions}. */
export const runFolderValidators: Validators = {
  dir: text("the path of a folder"),
  name: optional(text("the name of a folder")),
  version: optional({
    expected: "an integer or the name of a folder",
    test: (value) => nonNegativeInteger.test(value) || text().test(value),
  }),
};

/**
 * Creates the folder of a run. Runs that begin at the same time, also in different programs, get different folders.
 *
 * @returns The path of the folder.
 * @throws FulmineError `INVALID_OPTION` when it can't be created.
 */
export function claimRunFolder(options: RunFolderOptions): string {
  const { version } = options;
  const parent = placeOf(options);
  return withWriteErrors(parent, () => {
    if (version !== undefined) {
      const path = join(parent, typeof version === "number" ? `version_${version}` : version);
      mkdirSync(path, { recursive: true });
      return path;
    }
    mkdirSync(parent, { recursive: true });
    const taken = readdirSync(parent).map((entry) => Number(/^version_(\d+)$/.exec(entry)?.[1] ?? -1));
    for (let next = taken.reduce((last, number) => Math.max(last, number), -1) + 1; ; next++) {
      const path = join(parent, `version_${next}`);
      if (makeNew(path)) return path;
    }
  });
}

/** Creates a folder; returns `false` if it already exists. */
function makeNew(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
