import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { providePython } from "../support/providePython.js";

/** A histogram as TensorBoard names its parts. */
export interface HistogramRead {
  readonly bucket: readonly number[];
  readonly bucket_limit: readonly number[];
}

/** What TensorBoard found in one run; see readEvents.py. */
export interface RunRead {
  readonly fileVersion: number;
  /** Step, value as Python writes it (JSON has no NaN), and time in seconds. */
  readonly scalars: Readonly<
    Record<string, readonly (readonly [step: number, value: string, time: number])[]>
  >;
  readonly histograms: Readonly<
    Record<string, readonly (readonly [step: number, histogram: HistogramRead])[]>
  >;
  /** Step, size as it was told, and what the bytes are. */
  readonly images: Readonly<
    Record<string, readonly (readonly [step: number, width: number, height: number, format: string])[]>
  >;
  readonly texts: Readonly<Record<string, readonly (readonly [step: number, text: string])[]>>;
  readonly hparams: Readonly<Record<string, unknown>>;
}

/** What TensorBoard found in a folder of runs. */
export interface FolderRead {
  readonly runs: Readonly<Record<string, RunRead>>;
  /** What the HParams tab shows. */
  readonly tab: {
    readonly columns: readonly (readonly [name: string, type: string])[];
    readonly metrics: readonly string[];
    readonly rows: readonly {
      readonly hparams: Readonly<Record<string, unknown>>;
      readonly metricValues: readonly { readonly name: { readonly tag: string }; readonly value: number }[];
      readonly sessions: readonly { readonly name: string; readonly status?: string }[];
    }[];
  };
}

const run = promisify(execFile);
const script = fileURLToPath(new URL("readEvents.py", import.meta.url));

/**
 * Sees to the Python package `tensorboard`: the one that is there, or a new one in a folder.
 *
 * @returns What `PYTHONPATH` must be.
 */
export function provideTensorBoard(folder: string): Promise<string> {
  return providePython(folder, { modules: "tensorboard", packages: ["tensorboard"], timeout: 100_000 });
}

/** Reads runs back with TensorBoard's own code. */
export async function readWithTensorBoard(
  pythonPath: string,
  folder: string,
  runs: readonly string[],
): Promise<FolderRead> {
  const env = { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout } = await run("python3", [script, folder, ...runs], { env });
  return JSON.parse(stdout) as FolderRead;
}
