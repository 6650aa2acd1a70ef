import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The Python packages that a test needs. */
export interface PythonNeeds {
  /** What must be importable, e.g. `"mlflow, flask"`. */
  readonly modules: string;
  /** What pip installs if it is not. */
  readonly packages: readonly string[];
  /** How long pip may take, in milliseconds. */
  readonly timeout: number;
}

/**
 * Sees to Python packages: those that are there, or new ones in a folder.
 *
 * @returns What `PYTHONPATH` must be.
 */
export async function providePython(
  folder: string,
  { modules, packages, timeout }: PythonNeeds,
): Promise<string> {
  const isThere = await run("python3", ["-c", `import ${modules}`]).then(
    () => true,
    () => false,
  );
  if (isThere) return process.env["PYTHONPATH"] ?? "";
  const quiet = ["--quiet", "--no-input", "--no-compile", "--disable-pip-version-check"];
  const pip = ["-m", "pip", "install", ...quiet, "--only-binary", ":all:", "--target", folder, ...packages];
  await run("python3", pip, { timeout });
  return folder;
}
