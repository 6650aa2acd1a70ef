/// <reference types="node" />
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { temporaryName } from "./temporaryFile.js";
import { writing } from "./writing.js";

/**
 * Writes a file so that, whenever the process ends, either the old text or the new one is there.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` when it can't be written; the old one stays.
 */
export function replaceFile(path: string, text: string): void {
  writing(path, () => {
    const temporary = temporaryName(path);
    const file = openSync(temporary, "wx");
    try {
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}
