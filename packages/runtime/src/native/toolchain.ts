import { FulmineError } from "@fulmine/core";
import { findExecutable } from "./findExecutable.js";
import { hostSystem } from "./hostSystem.js";
import { wheelTags } from "./wheelTags.js";

const AGAIN = "then run `npx fulmine setup`";

/** The programs that a set-up runs. */
export interface Toolchain {
  readonly python: string;
  readonly compiler: string;
}

/**
 * Finds what a set-up needs on this machine, without running anything or touching the network.
 *
 * @throws FulmineError `UNAVAILABLE` naming the first thing that is missing and how to get it.
 */
export function toolchain(): Toolchain {
  const { platform, arch, glibc } = hostSystem();
  if (platform !== "linux" || !["x64", "arm64"].includes(arch)) {
    throw new FulmineError(
      "UNAVAILABLE",
      `The native backend is made for Linux on x64 and arm64, and this is ${platform} on ${arch}.`,
      { todo: 'Use the accelerator "wasm" here.' },
    );
  }
  if (wheelTags(arch, glibc).length === 0) {
    const found = glibc === null ? "this Linux has none (Alpine, perhaps)" : `this Linux has ${glibc}`;
    throw new FulmineError("UNAVAILABLE", `libtensorflow needs glibc 2.17 or later, and ${found}.`, {
      todo: 'Use the accelerator "wasm" here.',
    });
  }
  const python = findExecutable("python3");
  if (python === null) {
    throw new FulmineError("UNAVAILABLE", "python3 was not found; it fetches libtensorflow.", {
      todo: `Install Python 3 with pip (Debian, Ubuntu: \`apt-get install python3 python3-pip\`), ${AGAIN}.`,
    });
  }
  return { python, compiler: compiler() };
}

function compiler(): string {
  const chosen = process.env["CXX"];
  const found =
    chosen === undefined || chosen === "" ? findExecutable("g++", "c++", "clang++") : findExecutable(chosen);
  if (found !== null) return found;
  const problem =
    chosen === undefined || chosen === ""
      ? "No C++ compiler was found (looked for g++, c++ and clang++)."
      : `The C++ compiler that CXX names was not found: ${chosen}.`;
  throw new FulmineError("UNAVAILABLE", problem, {
    todo: `Install one (Debian, Ubuntu: \`apt-get install g++\`), ${AGAIN}.`,
  });
}
