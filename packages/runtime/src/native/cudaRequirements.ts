import { FulmineError } from "@fulmine/core";
import { runProcess } from "./runProcess.js";

const SCRIPT = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    sys.stdout.write(archive.read(name).decode())
`;

/**
 * Reads which NVIDIA packages a wheel of TensorFlow asks for in its `and-cuda` extra, as pip requirements.
 *
 * @throws FulmineError `SETUP_FAILED` when the wheel can't be read or names none.
 */
export async function cudaRequirements(
  python: string,
  wheel: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const result = await runProcess(python, ["-c", SCRIPT, wheel], signal === undefined ? {} : { signal });
  const found = parseCudaRequirements(result.stdout);
  if (result.code !== 0 || found.length === 0) {
    throw new FulmineError(
      "SETUP_FAILED",
      "This release of TensorFlow does not say which CUDA packages it needs.",
      {
        todo: "Choose another with `npx fulmine setup --gpu --tensorflow VERSION` (2.21.0 is known to work).",
        cause: result.stderr,
      },
    );
  }
  return found;
}

/** Picks the requirements of the `and-cuda` extra out of a wheel's METADATA. */
export function parseCudaRequirements(metadata: string): string[] {
  return metadata.split("\n").flatMap((line) => {
    const match = /^Requires-Dist: *(nvidia-[^;]+?) *;.*extra *== *['"]and-cuda['"]/.exec(line);
    return match?.[1] === undefined ? [] : [match[1].replace(/[ ()]/g, "")];
  });
}
