import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { findRuns, type RunFile } from "./findRuns.js";
import { readSearchFile } from "./readSearchFile.js";
import { readMetricLines, readMetricsCsv } from "./readSeries.js";
import type { RunData, RunList } from "./watched.js";

/** The runs in a folder, read anew whenever their files have changed. */
export class WatchedRuns {
  readonly #folder: string;
  /** What was read last, so that a run that has ended is read once. */
  readonly #read = new Map<string, RunData>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): RunList {
    const { runs, notes } = findRuns(this.#folder);
    for (const id of this.#read.keys()) if (!runs.has(id)) this.#read.delete(id);
    return {
      folder: this.#folder,
      now: Date.now(),
      runs: [...runs].map(([id, files]) => ({
        id,
        stamp: stampOf(files),
        changedAt: Math.max(...files.map(({ changedAt }) => changedAt)),
      })),
      notes,
    };
  }

  /** A run with its values; `null` if the folder has no run of that name. */
  read(id: string): RunData | null {
    // The name is looked up among those that were found, so it can't lead out of the folder.
    const files = findRuns(this.#folder).runs.get(id);
    if (files === undefined) return null;
    const stamp = stampOf(files);
    const before = this.#read.get(id);
    if (before?.stamp === stamp) return before;
    const data = this.#readFiles(id, stamp, files);
    this.#read.set(id, data);
    return data;
  }

  #readFiles(id: string, stamp: string, files: readonly RunFile[]): RunData {
    const troubles: string[] = [];
    const read = <T>(kind: RunFile["kind"], parse: (text: string, path: string) => T): T[] =>
      files
        .filter((file) => file.kind === kind)
        .flatMap(({ path }) => {
          try {
            return [parse(readFileSync(path, "utf8"), path)];
          } catch (error) {
            // A stack would not help someone who looks at curves, but the reason does.
            const reason = error instanceof Error ? error.message : String(error);
            troubles.push(`${relative(this.#folder, path)}: ${reason}`);
            return [];
          }
        });
    const [hparams = {}] = read("hparams", (text) => flatten(JSON.parse(text)));
    const series = [...read("metrics", readMetricsCsv), ...read("lines", readMetricLines)];
    const searches = read("search", (text, path) => readSearchFile(path, text, hparams));
    return {
      id,
      stamp,
      hparams,
      searches,
      troubles,
      series: Object.assign({}, ...series) as RunData["series"],
    };
  }
}

function stampOf(files: readonly RunFile[]): string {
  return files.map(({ stamp }) => stamp).join(" ");
}

/** Hyperparameters by their paths, e.g. `optim.lr`. */
function flatten(value: unknown, path = ""): RunData["hparams"] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return { [path]: value };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { [path]: JSON.stringify(value) };
  const parts = Object.entries(value).map(([name, item]) =>
    flatten(item, path === "" ? name : `${path}.${name}`),
  );
  return Object.assign({}, ...parts) as RunData["hparams"];
}
