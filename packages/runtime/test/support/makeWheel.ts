import { execFileSync } from "node:child_process";

const SCRIPT = `
import json, sys, zipfile
path, entries = sys.argv[1], json.loads(sys.argv[2])
with zipfile.ZipFile(path, "w") as archive:
    for name, text in entries.items():
        info = zipfile.ZipInfo(name)
        if text.startswith("-> "):
            info.external_attr = 0o120777 << 16
            text = text[3:]
        archive.writestr(info, text)
`;

/** Writes an archive of texts by path; a text that begins with `-> ` makes a symbolic link. */
export function makeWheel(path: string, entries: Readonly<Record<string, string>>): void {
  execFileSync("python3", ["-c", SCRIPT, path, JSON.stringify(entries)]);
}

/** The entries of an empty wheel that pip accepts. */
export function wheelOf(name: string, version: string): Readonly<Record<string, string>> {
  const info = `${name}-${version}.dist-info`;
  return {
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_17_x86_64\n",
    [`${info}/RECORD`]: "",
  };
}
