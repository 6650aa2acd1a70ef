import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { folderSize } from "../cache/cacheFolder.js";
import { runProcess, type RunResult } from "../host/runProcess.js";
import { wheelTagFlags, type WheelTags } from "./wheelTags.js";

// When pip writes nothing to disk and prints nothing for this long, the package index does not respond.
const TIMEOUT_SECONDS = 18;
const PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--no-color"];

/** Options of {@link downloadWheel}. */
export interface DownloadRequest {
  readonly python: string;
  /** A pip requirement, e.g. `tensorflow-cpu==2.21.0`. Its dependencies are not downloaded. */
  readonly requirement: string;
  /** The SHA-256 that the wheel must have, in hexadecimal; `null` to accept any wheel. */
  readonly sha256: string | null;
  /** The tags to try, in order of preference. */
  readonly tags: readonly WheelTags[];
  /** The folder for complete wheels. */
  readonly folder: string;
  /** A folder for incomplete files; it is cleared before the download and removed after it. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
  /** Called with the downloaded fraction, from 0 to 1; `null` before pip has printed a size. */
  readonly onFraction?: (fraction: number | null) => void;
}

/**
 * Downloads a wheel with pip. The wheel appears in `folder` once it is complete.
 *
 * @throws FulmineError `SETUP_FAILED` when the package index does not respond or has no such wheel; `UNTRUSTED` when the
 * wheel has another hash; `ABORTED` when `signal` is aborted.
 */
export async function downloadWheel(request: DownloadRequest): Promise<void> {
  const { folder, scratch } = request;
  let last: RunResult | undefined;
  for (const tags of request.tags) {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(join(scratch, "wheels"), { recursive: true });
    last = await download(request, tags);
    if (last.code === 0) {
      mkdirSync(folder, { recursive: true });
      for (const wheel of readdirSync(join(scratch, "wheels"))) {
        renameSync(join(scratch, "wheels", wheel), join(folder, wheel));
      }
      rmSync(scratch, { recursive: true, force: true });
      return;
    }
    if (last.isTimedOut || !/No matching distribution/.test(last.stderr) || isNetworkError(last.stderr))
      break;
  }
  rmSync(scratch, { recursive: true, force: true });
  throw downloadError(request.requirement, last);
}

async function download(request: DownloadRequest, tags: WheelTags): Promise<RunResult> {
  const { python, requirement, sha256, scratch, signal, onFraction } = request;
  const list = join(scratch, "requirements.txt");
  // pip accepts hashes only in a requirements file.
  writeFileSync(list, `${requirement}${sha256 === null ? "" : ` --hash=sha256:${sha256}`}\n`);
  let expected = 0;
  let lastSize = -1;
  let lastChange = performance.now();
  return runProcess(
    python,
    [
      ...PIP,
      "download",
      "--no-deps",
      "--no-cache-dir",
      "--progress-bar=off",
      "--retries=1",
      "--timeout=9",
      ...wheelTagFlags(tags),
      `--dest=${join(scratch, "wheels")}`,
      ...(sha256 === null ? [] : ["--require-hashes"]),
      `--requirement=${list}`,
    ],
    {
      // pip stores incomplete downloads in TMPDIR. In our folder their size can be measured, and they are removed at the end.
      env: { TMPDIR: scratch, PYTHONUNBUFFERED: "1" },
      ...(signal === undefined ? {} : { signal }),
      onLine: (line) => {
        lastChange = performance.now();
        expected += expectedBytes(line);
      },
      isResponding: () => {
        const size = folderSize(scratch);
        if (size !== lastSize) lastChange = performance.now();
        lastSize = size;
        onFraction?.(expected > 0 ? Math.min(1, size / expected) : null);
        return performance.now() - lastChange < TIMEOUT_SECONDS * 1000;
      },
    },
  );
}

/** Parses the size in pip's line `Downloading name.whl (273.8 MB)`; returns 0 for any other line. */
function expectedBytes(line: string): number {
  const match = /^\s*Downloading .*\.whl \(([\d.]+) (bytes|[kMG]B)\)/.exec(line);
  if (match === null) return 0;
  const scale = { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[match[2] ?? ""] ?? 1;
  return Number(match[1]) * scale;
}

function isNetworkError(stderr: string): boolean {
  return /connection broken|Max retries|timed? ?out|NameResolution|ProxyError|SSLError|Could not fetch URL/i.test(
    stderr,
  );
}

function downloadError(what: string, result: RunResult | undefined): FulmineError {
  const stderr = result?.stderr ?? "";
  const otherHash = /Got\s+([0-9a-f]{64})/.exec(stderr)?.[1];
  if (otherHash !== undefined) {
    return new FulmineError("UNTRUSTED", `The wheel of ${what} on the package index has an unknown hash.`, {
      received: `SHA-256 ${otherHash}`,
      todo: "Check the index or mirror in `python3 -m pip config list`, and use one that has the original wheel.",
      cause: stderr,
    });
  }
  if (result?.isTimedOut === true || isNetworkError(stderr)) {
    return new FulmineError("SETUP_FAILED", "The Python package index could not be reached.", {
      todo: "Check the network and pip's settings for proxies and mirrors, then run `npx fulmine setup`.",
      cause: stderr,
    });
  }
  if (/No matching distribution/.test(stderr)) {
    const versions = /\(from versions: ([^)]*)\)/.exec(stderr)?.[1] ?? "none";
    const todo =
      versions === "none"
        ? "The index has no version of it. Check the index in `python3 -m pip config list`."
        : `It has these versions: ${versions}. Select one with \`npx fulmine setup --tensorflow VERSION\`.`;
    return new FulmineError(
      "SETUP_FAILED",
      `The Python package index has no wheel for ${what} that fits this machine.`,
      {
        todo,
        cause: stderr,
      },
    );
  }
  const line = stderr.trim().split("\n").at(-1) ?? "";
  return new FulmineError("SETUP_FAILED", `pip could not download ${what}: ${line}`, { cause: stderr });
}
