/// <reference types="node" />
import { appendFileSync, readFileSync, statSync, truncateSync } from "node:fs";
import { writing } from "./writing.js";

/**
 * Readies a file of lines to be added to: a last line that a killed process left unfinished is taken away, one that
 * only lacks its line break gets it.
 *
 * @param isWhole - Whether a line without its break is all there.
 */
export function mendLastLine(path: string, isWhole: (line: string) => boolean): void {
  writing(path, () => {
    // A pipe or a device, such as /dev/stdout, has no end to read to.
    if (!statSync(path).isFile()) return;
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end === bytes.length) return;
    if (isWhole(bytes.toString("utf8", end))) appendFileSync(path, "\n");
    else truncateSync(path, end);
  });
}
