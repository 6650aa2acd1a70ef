import { mkdirSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { packageVersion } from "./packageVersion.js";

const template = fileURLToPath(new URL("../../template", import.meta.url));

/** npm leaves files of these names out of packages, so that the template has them under others. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore", npmrc: ".npmrc" };

/** A project that was made. */
export interface NewProject {
  /** Its package's name. */
  readonly name: string;
  readonly folder: string;
  /** Its files, by their paths in the folder. */
  readonly files: readonly string[];
}

/**
 * Makes a project of the template; when that fails half-way, nothing is left of it.
 *
 * @throws FulmineError `INVALID_OPTION` when the folder is not empty, `UNAVAILABLE` when it can't be written.
 */
export async function writeProject(dir: string): Promise<NewProject> {
  const folder = resolve(dir);
  const before = await entriesOf(folder);
  if (before !== null && before.length > 0) {
    throw new FulmineError("INVALID_OPTION", `${folder} is not empty.`, {
      todo: "Name a folder that is to be made.",
    });
  }
  const name = packageName(folder);
  const written: string[] = [];
  const undo = (): void => {
    rmSync(folder, { recursive: true, force: true });
    if (before !== null) mkdirSync(folder, { recursive: true });
  };
  const forget = onSuddenEnd(undo);
  try {
    for (const source of await templateFiles()) {
      const path = source
        .split(sep)
        .map((part) => RENAMED[part] ?? part)
        .join(sep);
      const text = await readFile(join(template, source), "utf8");
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(
        join(folder, path),
        text.replaceAll("{{name}}", name).replaceAll("{{version}}", packageVersion()),
      );
      written.push(path);
    }
  } catch (cause) {
    undo();
    throw new FulmineError("UNAVAILABLE", `${folder} can't be written: ${String(cause)}.`, { cause });
  } finally {
    forget();
  }
  return { name, folder, files: written.sort() };
}

async function templateFiles(): Promise<string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)))
    .sort();
}

/** What is in a folder, `null` when there is none. */
async function entriesOf(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new FulmineError("INVALID_OPTION", `${folder} can't be used: ${String(cause)}.`, { cause });
  }
}

/** A name that npm takes, made of the folder's. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "fulmine-project" : name;
}
