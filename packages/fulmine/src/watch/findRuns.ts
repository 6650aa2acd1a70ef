import { closeSync, openSync, readdirSync, readSync, statSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A file of a run, as it was when it was found. */
export interface RunFile {
  readonly kind: "metrics" | "lines" | "search" | "hparams";
  readonly path: string;
  readonly changedAt: number;
  readonly stamp: string;
}

/** The files of all runs by the runs' paths, and what was left out. */
export interface FoundRuns {
  readonly runs: ReadonlyMap<string, readonly RunFile[]>;
  readonly notes: readonly string[];
}

/** Where a search for runs ends, so that a wrong folder, such as that of a user, does not take minutes. */
const DEEPEST = 8;
const MOST_ENTRIES = 20_000;
/** Larger files are not read. */
const MOST_BYTES = 200e6;

/**
 * Finds the runs in a folder: folders with `metrics.csv` of a `CsvLogger`, files of a `JsonLinesLogger`, and saved searches.
 * Hidden folders, `node_modules` and links are skipped.
 */
export function findRuns(root: string): FoundRuns {
  const runs = new Map<string, RunFile[]>();
  const notes: string[] = [];
  const folders: [path: string, depth: number][] = [[root, 0]];
  let seen = 0;
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    const [folder, depth] = next;
    for (const entry of entriesOf(folder, notes)) {
      if (++seen > MOST_ENTRIES) return end(`Only the first ${MOST_ENTRIES} files were looked at.`);
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
        if (depth < DEEPEST) folders.push([path, depth + 1]);
        else notes.push(`${relative(root, path)} is too deep to be looked at.`);
      } else if (entry.isFile()) addFile(path);
    }
  }
  return end();

  function addFile(path: string): void {
    const kind = kindOf(path);
    if (kind === null) return;
    const found = statOf(path);
    if (found === null) return;
    if (found.size > MOST_BYTES) {
      notes.push(`${relative(root, path)} is larger than ${MOST_BYTES / 1e6} MB, so it is not read.`);
      return;
    }
    const place = relative(root, kind === "lines" ? path : dirname(path)).replaceAll(sep, "/");
    const files = runs.get(place || ".") ?? [];
    files.push({ kind, path, changedAt: found.mtimeMs, stamp: entryStamp(found) });
    runs.set(place || ".", files);
  }

  function end(...more: readonly string[]): FoundRuns {
    // Hyperparameters alone are no run.
    for (const [id, files] of runs) if (files.every(({ kind }) => kind === "hparams")) runs.delete(id);
    const inOrder = [...runs].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
    return { runs: new Map(inOrder), notes: [...notes, ...more] };
  }
}

function entriesOf(folder: string, notes: string[]): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    notes.push(`The folder ${folder} can't be read.`);
    return [];
  }
}

interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

/** `null` for a file that was removed in the meantime, or is out of reach. */
function statOf(path: string): FileState | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function entryStamp({ size, mtimeMs, ino }: FileState): string {
  return `${ino}-${size}-${mtimeMs}`;
}

/** What a file holds, by its name and its beginning; `null` for a file of another program. */
function kindOf(path: string): RunFile["kind"] | null {
  const name = path.slice(path.lastIndexOf(sep) + 1);
  if (name === "hparams.json") return "hparams";
  if (name === "metrics.csv") return /^(?:"step"|step)[,\r\n]/.test(headOf(path)) ? "metrics" : null;
  if (name.endsWith(".jsonl")) return /^\{"(?:step|time)":/.test(headOf(path)) ? "lines" : null;
  if (name.endsWith(".csv"))
    return /^(?:lr,loss,smoothed|part,run,step,lr,loss,)/.test(headOf(path)) ? "search" : null;
  if (name.endsWith(".json")) return headOf(path).includes('"fulmine-lr-search"') ? "search" : null;
  return null;
}

/** The first characters of a file; empty if it can't be read. */
function headOf(path: string): string {
  const bytes = Buffer.alloc(100);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return "";
  }
  try {
    return bytes.toString("utf8", 0, readSync(file, bytes));
  } catch {
    return "";
  } finally {
    closeSync(file);
  }
}
