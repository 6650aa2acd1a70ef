import { FulmineError } from "@fulmine/core";
import { runProcess } from "./runProcess.js";

// The first release that knows the `manylinux_2_27` way of naming platforms.
const OLDEST: readonly [major: number, minor: number] = [20, 3];

/**
 * Makes sure that Python's pip runs and is recent enough.
 *
 * @throws FulmineError `UNAVAILABLE` when it is missing, too old or broken; `ABORTED`.
 */
export async function checkPip(python: string, signal?: AbortSignal): Promise<void> {
  const result = await runProcess(python, ["-m", "pip", "--version"], signal === undefined ? {} : { signal });
  if (/No module named '?"?pip/.test(result.stderr)) {
    throw new FulmineError("UNAVAILABLE", "python3 has no pip; it fetches libtensorflow.", {
      todo:
        "Install it (Debian, Ubuntu: `apt-get install python3-pip`; elsewhere: `python3 -m ensurepip`), " +
        "then run `npx fulmine setup`.",
    });
  }
  const version = /^pip (\d+)\.(\d+)/.exec(result.stdout);
  if (result.code !== 0 || version === null) {
    const line = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new FulmineError("UNAVAILABLE", `python3 does not run pip: ${line}`, {
      todo: "Mend `python3 -m pip --version`, then run `npx fulmine setup`.",
    });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new FulmineError(
      "UNAVAILABLE",
      `pip ${major}.${minor} is too old; ${OLDEST.join(".")} is needed.`,
      {
        todo: "Run `python3 -m pip install --user --upgrade pip`, then `npx fulmine setup`.",
      },
    );
  }
}
