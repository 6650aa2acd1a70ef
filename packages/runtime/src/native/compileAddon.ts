import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import type { NativePackage } from "./nativePackage.js";
import { nodeHeaders } from "./nodeHeaders.js";
import { runProcess } from "./runProcess.js";
import { sessionConfigArguments } from "./sessionConfig.js";

/** What to compile, and against what. */
export interface CompileRequest {
  readonly compiler: string;
  readonly source: NativePackage;
  /** The folder that holds `tensorflow/` with the two libraries. */
  readonly site: string;
  /** The folder that holds TensorFlow's C headers. */
  readonly headers: string;
  /** Where the addon goes; it must lie beside `tensorflow/`. */
  readonly output: string;
  /** A folder for half-made files. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
}

/**
 * Compiles the addon of `@tensorflow/tfjs-node-gpu` from its own sources, with one of ours beside them.
 *
 * @throws FulmineError `SETUP_FAILED` with the compiler's first error; `ABORTED`.
 */
export async function compileAddon(request: CompileRequest): Promise<void> {
  const { compiler, source, site, headers, output, scratch, signal } = request;
  const binding = join(source.folder, "binding");
  const sources = readdirSync(binding).filter((name) => name.endsWith(".cc"));
  const libraries = join(site, "tensorflow");
  const half = join(scratch, `addon.${process.pid}.half`);
  const result = await runProcess(
    compiler,
    [
      "-O2",
      "-std=c++17",
      "-shared",
      "-fPIC",
      "-DNAPI_VERSION=8",
      `-I${nodeHeaders()}`,
      `-I${headers}`,
      `-I${source.folder}`,
      ...sources.map((name) => join(binding, name)),
      ...sessionConfigArguments(),
      "-o",
      half,
      `-L${libraries}`,
      "-l:libtensorflow_cc.so.2",
      "-l:libtensorflow_framework.so.2",
      // Relative to the addon, so that the build can be moved as a whole. libtensorflow finds CUDA by itself, in
      // the folder beside its own where its wheel expects it.
      "-Wl,-rpath,$ORIGIN/tensorflow",
    ],
    // The compiler's own half-made files would otherwise be left in /tmp when it is stopped.
    { env: { TMPDIR: scratch }, ...(signal === undefined ? {} : { signal }) },
  );
  if (result.code !== 0) {
    const line =
      result.stderr.split("\n").find((each) => /error|not found|cannot/i.test(each)) ?? result.stderr;
    throw new FulmineError("SETUP_FAILED", `The addon could not be compiled: ${line.trim()}`, {
      todo: "A compiler for C++17 is needed (g++ 8 or clang 7 and later).",
      cause: result.stderr,
    });
  }
  renameSync(half, output);
}
