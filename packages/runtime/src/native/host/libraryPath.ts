import { hostSystem } from "./hostSystem.js";

/** A part of libtensorflow: `cc` computes, `framework` is what `cc` builds on. */
export type LibraryPart = "cc" | "framework";

/** Gets the file name of a part of libtensorflow on this operating system. */
export function libraryName(part: LibraryPart): string {
  return hostSystem().platform === "darwin" ? `libtensorflow_${part}.2.dylib` : `libtensorflow_${part}.so.2`;
}

/** Gets the path of a part of libtensorflow in a wheel and in a build. */
export function libraryPath(part: LibraryPart): string {
  return `tensorflow/${libraryName(part)}`;
}
