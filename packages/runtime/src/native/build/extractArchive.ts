import { FulmineError } from "@fulmine/core";
import { runProcess } from "../host/runProcess.js";

// Python reads zip and tar archives of any size, and checks the CRC of each file in a zip. A set-up needs Python anyway.
const SCRIPT = `
import os, re, stat, sys, tarfile, zipfile
path, folder, pattern, strip = sys.argv[1], sys.argv[2], re.compile(sys.argv[3]), int(sys.argv[4])
if zipfile.is_zipfile(path):
    archive = zipfile.ZipFile(path)
    # The upper 16 bits are the Unix mode.
    entries = [(i, i.filename, i.file_size, i.is_dir(), stat.S_ISLNK(i.external_attr >> 16)) for i in archive.infolist()]
    read = archive.open
else:
    archive = tarfile.open(path)
    entries = [(m, m.name, m.size, m.isdir(), not (m.isdir() or m.isreg())) for m in archive.getmembers()]
    read = archive.extractfile
for entry, name, size, is_folder, is_link in entries:
    parts = name.split("/")
    if is_link or parts[0] == "" or ".." in parts:
        print("outside", repr(name), flush=True)
        sys.exit(1)
wanted = [(entry, name, size) for entry, name, size, is_folder, _ in entries if not is_folder and pattern.fullmatch(name)]
total, done = sum(size for _, _, size in wanted), 0
for entry, name, size in wanted:
    target = os.path.join(folder, *name.split("/")[strip:])
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with read(entry) as source, open(target, "wb") as file:
        while True:
            block = source.read(1 << 22)
            if not block: break
            file.write(block)
            done += len(block)
            if len(block) == 1 << 22: print(done / total, flush=True)
print("files", len(wanted), flush=True)
`;

/** Options of {@link extractArchive}. */
export interface ExtractRequest {
  readonly python: string;
  /** A wheel or a `.tgz`. */
  readonly archive: string;
  /** The destination; files keep their paths in the archive. */
  readonly folder: string;
  /** A regular expression; files whose whole path matches it are extracted. */
  readonly pattern: string;
  /**
   * The number of folders to leave out at the beginning of each path.
   *
   * @defaultValue 0
   */
  readonly strip?: number;
  readonly signal?: AbortSignal;
  /** Called with the fraction of bytes written, from 0 to 1. */
  readonly onFraction?: (fraction: number) => void;
}

/**
 * Extracts some of the files of a wheel or of the tarball of an npm package.
 *
 * @returns The number of extracted files.
 * @throws FulmineError `SETUP_FAILED` when the archive is damaged or the disk is full; `UNTRUSTED` when an entry is a link or its
 * path leads out of `folder`; `ABORTED` when `signal` is aborted.
 */
export async function extractArchive(request: ExtractRequest): Promise<number> {
  const { python, archive, folder, pattern, strip = 0, signal, onFraction } = request;
  let files = 0;
  const outside: string[] = [];
  const result = await runProcess(python, ["-c", SCRIPT, archive, folder, pattern, String(strip)], {
    ...(signal === undefined ? {} : { signal }),
    onLine: (line) => {
      if (line.startsWith("files ")) files = Number(line.slice(6));
      else if (line.startsWith("outside ")) outside.push(line.slice(8));
      else onFraction?.(Number(line));
    },
  });
  const [path] = outside;
  if (path !== undefined) {
    throw new FulmineError("UNTRUSTED", `The download contains a path outside its folder: ${path}.`, {
      received: archive,
      todo:
        "Genuine wheels and packages contain no such path. Check the index in `python3 -m pip config list` and the " +
        "registry in `npm config get registry`, and remove the file.",
    });
  }
  if (result.code !== 0) {
    const line = result.stderr.trim().split("\n").at(-1) ?? "";
    throw new FulmineError("SETUP_FAILED", `The download could not be extracted: ${line}`, {
      todo: "Run `npx fulmine setup` again.",
      cause: result.stderr,
    });
  }
  return files;
}
