import { FulmineError } from "@fulmine/core";
import { findExecutable } from "../host/findExecutable.js";
import { hostSystem } from "../host/hostSystem.js";
import { runProcess } from "../host/runProcess.js";
import { wheelTags } from "./wheelTags.js";

const THEN_RUN = "then run `npx fulmine setup`";
const ON_MAC = process.platform === "darwin";
// The first pip release that accepts platform tags such as `manylinux_2_27`.
const OLDEST_PIP: readonly [major: number, minor: number] = [20, 3];

/** The programs that a set-up runs. */
export interface Toolchain {
  readonly python: string;
  readonly compiler: string;
  readonly npm: string;
}

/**
 * Finds the programs that a set-up needs. It starts no program and makes no network request.
 *
 * @throws FulmineError `UNAVAILABLE` with the first missing requirement and how to install it.
 */
export function toolchain(): Toolchain {
  const { platform, arch, glibc } = hostSystem();
  const isKnown =
    platform === "linux" ? ["x64", "arm64"].includes(arch) : `${platform}-${arch}` === "darwin-arm64";
  if (!isKnown) {
    throw new FulmineError(
      "UNAVAILABLE",
      `The native backend needs Linux on x64 or arm64, or macOS on arm64, but this is ${platform} on ${arch}.`,
      { todo: 'Use the accelerator "wasm" here.' },
    );
  }
  if (wheelTags(hostSystem()).length === 0) {
    if (platform === "darwin") {
      throw new FulmineError("UNAVAILABLE", "libtensorflow needs macOS 12 or later, but this one is older.", {
        todo: 'Use the accelerator "wasm" here.',
      });
    }
    const found = glibc === null ? "this Linux has none (Alpine, for example)" : `this Linux has ${glibc}`;
    throw new FulmineError("UNAVAILABLE", `libtensorflow needs glibc 2.17 or later, but ${found}.`, {
      todo: 'Use the accelerator "wasm" here.',
    });
  }
  const python = findExecutable("python3");
  if (python === null) {
    throw new FulmineError("UNAVAILABLE", "python3 was not found; it downloads libtensorflow.", {
      todo: `Install Python 3 with pip (${ON_MAC ? "macOS: `xcode-select --install`" : "Debian, Ubuntu: `apt-get install python3 python3-pip`"}), ${THEN_RUN}.`,
    });
  }
  const compiler = findCompiler();
  const npm = findExecutable("npm");
  if (npm === null) {
    throw new FulmineError(
      "UNAVAILABLE",
      "npm was not found; it downloads the JavaScript of the native backend.",
      {
        todo: `Install Node with npm, ${THEN_RUN}. Afterwards programs may run on Bun or Deno too.`,
      },
    );
  }
  return { python, compiler, npm };
}

function findCompiler(): string {
  const chosen = process.env["CXX"];
  const isDefault = chosen === undefined || chosen === "";
  const found = isDefault ? findExecutable("g++", "c++", "clang++") : findExecutable(chosen);
  if (found !== null) return found;
  const problem = isDefault
    ? "No C++ compiler was found (searched for g++, c++ and clang++)."
    : `The C++ compiler in CXX was not found: ${chosen}.`;
  throw new FulmineError("UNAVAILABLE", problem, {
    todo: `Install one (${ON_MAC ? "macOS: `xcode-select --install`" : "Debian, Ubuntu: `apt-get install g++`"}), ${THEN_RUN}.`,
  });
}

/**
 * Checks that pip runs and is recent enough.
 *
 * @throws FulmineError `UNAVAILABLE` when it is missing, too old or broken; `ABORTED` when `signal` is aborted.
 */
export async function checkPip(python: string, signal?: AbortSignal): Promise<void> {
  const result = await runProcess(python, ["-m", "pip", "--version"], signal === undefined ? {} : { signal });
  if (/No module named '?"?pip/.test(result.stderr)) {
    throw new FulmineError("UNAVAILABLE", "python3 has no pip; it downloads libtensorflow.", {
      todo:
        "Install it (Debian, Ubuntu: `apt-get install python3-pip`; elsewhere: `python3 -m ensurepip`), " +
        `${THEN_RUN}.`,
    });
  }
  const version = /^pip (\d+)\.(\d+)/.exec(result.stdout);
  if (result.code !== 0 || version === null) {
    const line = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new FulmineError("UNAVAILABLE", `python3 can't run pip: ${line}`, {
      todo: `Repair \`python3 -m pip --version\`, ${THEN_RUN}.`,
    });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST_PIP[0] || (major === OLDEST_PIP[0] && minor < OLDEST_PIP[1])) {
    throw new FulmineError(
      "UNAVAILABLE",
      `pip ${major}.${minor} is too old; ${OLDEST_PIP.join(".")} or later is needed.`,
      { todo: `Run \`python3 -m pip install --user --upgrade pip\`, ${THEN_RUN}.` },
    );
  }
}
