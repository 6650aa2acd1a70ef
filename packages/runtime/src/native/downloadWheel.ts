import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FulmineError } from "@fulmine/core";
import { folderSize } from "./folderSize.js";
import { runProcess, type RunResult } from "./runProcess.js";
import { wheelTagFlags, type WheelTags } from "./wheelTags.js";

// Nothing new on disk and no word for this long means that the package index does not answer.
const SILENT_SECONDS = 18;
const PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--no-color"];

/** What to download, and with what. */
export interface DownloadRequest {
  readonly python: string;
  /** A pip requirement, e.g. `tensorflow-cpu==2.21.0`. Its own requirements are not followed. */
  readonly requirement: string;
  /** The SHA-256 that the wheel must have, in hexadecimal; `null` to take whatever the index gives. */
  readonly sha256: string | null;
  /** Tags to try, in order. */
  readonly tags: readonly WheelTags[];
  /** Where finished wheels are put. */
  readonly folder: string;
  /** A folder for half-made files, emptied before and after. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
  /** Told of the share of all the bytes announced so far that has arrived, 0 to 1. */
  readonly onFraction?: (fraction: number | null) => void;
}

/**
 * Downloads a wheel with pip. It appears in `folder` only when it is whole.
 *
 * @throws FulmineError `SETUP_FAILED` when the package index can't be reached or has no such wheel; `UNTRUSTED` when it has
 * another one; `ABORTED`.
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
    if (last.isGivenUp || !/No matching distribution/.test(last.stderr) || isNetworkError(last.stderr)) break;
  }
  rmSync(scratch, { recursive: true, force: true });
  throw downloadError(request.requirement, last);
}

async function download(request: DownloadRequest, tags: WheelTags): Promise<RunResult> {
  const { python, requirement, sha256, scratch, signal, onFraction } = request;
  const list = join(scratch, "requirements.txt");
  // Hashes can be given in a file only.
  writeFileSync(list, `${requirement}${sha256 === null ? "" : ` --hash=sha256:${sha256}`}\n`);
  let announced = 0;
  let seen = -1;
  let since = performance.now();
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
      // pip keeps half a download under TMPDIR: in our own scratch it can be watched, and never outlives the run.
      env: { TMPDIR: scratch, PYTHONUNBUFFERED: "1" },
      ...(signal === undefined ? {} : { signal }),
      onLine: (line) => {
        since = performance.now();
        announced += announcedBytes(line);
      },
      isAlive: () => {
        const size = folderSize(scratch);
        if (size !== seen) since = performance.now();
        seen = size;
        onFraction?.(announced > 0 ? Math.min(1, size / announced) : null);
        return performance.now() - since < SILENT_SECONDS * 1000;
      },
    },
  );
}

/** Reads the size out of pip's line `Downloading name.whl (273.8 MB)`; 0 in any other line. */
function announcedBytes(line: string): number {
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
    return new FulmineError("UNTRUSTED", `The package index has another wheel of ${what} than is known.`, {
      received: `SHA-256 ${otherHash}`,
      todo: "Look at `python3 -m pip config list` for the index or mirror that pip uses, and use one that has the original.",
      cause: stderr,
    });
  }
  if (result?.isGivenUp === true || isNetworkError(stderr)) {
    return new FulmineError("SETUP_FAILED", "The Python package index could not be reached.", {
      todo: "Check the network (pip's own settings for proxies and mirrors are used), then run `npx fulmine setup`.",
      cause: stderr,
    });
  }
  if (/No matching distribution/.test(stderr)) {
    const versions = /\(from versions: ([^)]*)\)/.exec(stderr)?.[1] ?? "none";
    const todo =
      versions === "none"
        ? "It offers no version at all: look at `python3 -m pip config list` for the index that pip uses."
        : `It has these versions: ${versions}. Choose one with \`npx fulmine setup --tensorflow VERSION\`.`;
    return new FulmineError("SETUP_FAILED", `The Python package index has no wheel that fits ${what}.`, {
      todo,
      cause: stderr,
    });
  }
  const line = stderr.trim().split("\n").at(-1) ?? "";
  return new FulmineError("SETUP_FAILED", `pip could not download ${what}: ${line}`, { cause: stderr });
}
