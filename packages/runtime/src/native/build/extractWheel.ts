import { FulmineError } from "@fulmine/core";
import { runProcess } from "../host/runProcess.js";

// Python's zipfile reads archives of any size and checks the CRC of each file. A set-up needs Python anyway.
const SCRIPT = `
import os, stat, sys, zipfile
wheel, folder, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(wheel) as archive:
    for info in archive.infolist():
        # The upper 16 bits are the Unix mode.
        is_link, parts = stat.S_ISLNK(info.external_attr >> 16), info.filename.split("/")
        if is_link or parts[0] == "" or ".." in parts:
            print("outside", repr(info.filename), flush=True)
            sys.exit(1)
    wanted = [i for i in archive.infolist() if i.filename.startswith(prefixes) and not i.is_dir()]
    total, done = sum(i.file_size for i in wanted), 0
    for info in wanted:
        path = os.path.join(folder, *info.filename.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(info) as source, open(path, "wb") as target:
            while True:
                block = source.read(1 << 22)
                if not block: break
                target.write(block)
                done += len(block)
                if len(block) == 1 << 22: print(done / total, flush=True)
print("files", len(wanted), flush=True)
`;

/** Options of {@link extractWheel}. */
export interface ExtractRequest {
  readonly python: string;
  readonly wheel: string;
  /** The destination; files keep their paths in the wheel. */
  readonly folder: string;
  /** Files whose paths start with one of these are extracted. */
  readonly prefixes: readonly string[];
  readonly signal?: AbortSignal;
  /** Called with the fraction of bytes written, from 0 to 1. */
  readonly onFraction?: (fraction: number) => void;
}

/**
 * Extracts some of the files of a wheel.
 *
 * @returns The number of extracted files.
 * @throws FulmineError `SETUP_FAILED` when the wheel is damaged or the disk is full; `UNTRUSTED` when an entry is a link or its
 * path leads out of `folder`; `ABORTED` when `signal` is aborted.
 */
export async function extractWheel(request: ExtractRequest): Promise<number> {
  const { python, wheel, folder, prefixes, signal, onFraction } = request;
  let files = 0;
  const outside: string[] = [];
  const result = await runProcess(python, ["-c", SCRIPT, wheel, folder, ...prefixes], {
    ...(signal === undefined ? {} : { signal }),
    onLine: (line) => {
      if (line.startsWith("files ")) files = Number(line.slice(6));
      else if (line.startsWith("outside ")) outside.push(line.slice(8));
      else onFraction?.(Number(line));
    },
  });
  const [path] = outside;
  if (path !== undefined) {
    throw new FulmineError("UNTRUSTED", `The wheel contains a path outside its folder: ${path}.`, {
      received: wheel,
      todo: "Genuine wheels contain no such path. Check the index in `python3 -m pip config list`, and remove the wheel.",
    });
  }
  if (result.code !== 0) {
    const line = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new FulmineError("SETUP_FAILED", `The downloaded wheel could not be extracted: ${line}`, {
      todo: "Run `npx fulmine setup` again.",
      cause: result.stderr,
    });
  }
  return files;
}
