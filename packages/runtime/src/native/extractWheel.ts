import { FulmineError } from "@fulmine/core";
import { runProcess } from "./runProcess.js";

// Python is there anyway, its zipfile reads archives of any size, and checks each file's CRC.
const SCRIPT = `
import os, stat, sys, zipfile
wheel, folder, prefixes = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
with zipfile.ZipFile(wheel) as archive:
    for info in archive.infolist():
        # In the upper half are Unix's mode bits.
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

/** What to take out of which wheel. */
export interface ExtractRequest {
  readonly python: string;
  readonly wheel: string;
  /** Where to put it; the paths inside the wheel are kept. */
  readonly folder: string;
  /** Beginnings of the paths to take. */
  readonly prefixes: readonly string[];
  readonly signal?: AbortSignal;
  /** Told of the share of bytes written, 0 to 1. */
  readonly onFraction?: (fraction: number) => void;
}

/**
 * Takes some of the files out of a wheel.
 *
 * @returns How many files were taken.
 * @throws FulmineError `SETUP_FAILED` when the wheel is damaged or the disk is full; `UNTRUSTED` when an entry is a link or its
 * path leads out of `folder`; `ABORTED`.
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
    throw new FulmineError("UNTRUSTED", `The wheel holds a path that leads out of its folder: ${path}.`, {
      received: wheel,
      todo: "No true wheel does: look at `python3 -m pip config list` for the index that pip uses, and remove the wheel.",
    });
  }
  if (result.code !== 0) {
    const line = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new FulmineError("SETUP_FAILED", `The downloaded wheel could not be unpacked: ${line}`, {
      todo: "Run `npx fulmine setup` again.",
      cause: result.stderr,
    });
  }
  return files;
}
