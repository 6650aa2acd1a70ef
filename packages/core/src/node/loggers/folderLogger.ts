/// <reference types="node" />
import { basename, join } from "node:path";
import { checkOptions } from "../../options/checkOptions.js";
import { mkdirSync, readdirSync } from "node:fs";
import { nonNegativeInteger, optional, text, type Validators } from "../../options/validators.js";
import { withWriteErrors } from "./logFile.js";

/** What loggers share that write into a run's own folder. */
export abstract class FolderLogger {
  readonly #options: RunFolderOptions;
  #folder: string | null = null;

  protected constructor(name: string, options: RunFolderOptions) {
    checkOptions(options, runFolderValidators, name);
    this.#options = options;
  }

  /** The run's folder; made when it is first asked for or written to. */
  get folder(): string {
    return (this.#folder ??= claimRunFolder(this.#options));
  }

  /** The last part of the folder's path, such as `"version_0"`: what another logger needs to write there as well. */
  get version(): string {
    return basename(this.folder);
  }
}

/** Where a run's files go: `dir/name/version_N`, as in Lightning. */
export interface RunFolderOptions {
  /** The folder of all runs; it is made when it is not there. */
  readonly dir: string;
  /** A folder between `dir` and the versions, to keep experiments apart. @defaultValue none */
  readonly name?: string;
  /**
   * Which run this is: 3 stands for the folder `version_3`, a text for the folder of that name. A run that is there
   * already is added to. @defaultValue one more than the last
   */
  readonly version?: number | string;
}

/** What the options of a run's folder must be. */
export const runFolderValidators: Validators = {
  dir: text("the path of a folder"),
  name: optional(text("the name of a folder")),
  version: optional({
    expected: "a whole number or the name of a folder",
    test: (value) => nonNegativeInteger.test(value) || text().test(value),
  }),
};

/**
 * Makes the folder of a run and gives its path. Two runs that begin at the same time, in one program or in two, get
 * two folders.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` when it can't be made.
 */
export function claimRunFolder({ dir, name = "", version }: RunFolderOptions): string {
  const parent = join(dir, name);
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

/** Makes a folder and says whether it was not there before. */
function makeNew(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
