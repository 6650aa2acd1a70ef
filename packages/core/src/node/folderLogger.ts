/// <reference types="node" />
import { basename } from "node:path";
import { checkOptions } from "../options/checkOptions.js";
import { claimRunFolder, runFolderRequirements, type RunFolderOptions } from "./runFolder.js";

/** What loggers share that write into a run's own folder. */
export abstract class FolderLogger {
  readonly #options: RunFolderOptions;
  #folder: string | null = null;

  protected constructor(name: string, options: RunFolderOptions) {
    checkOptions(options, runFolderRequirements, name);
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
