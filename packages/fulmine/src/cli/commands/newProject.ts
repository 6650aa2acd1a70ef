import { mkdirSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FulmineError } from "@fulmine/core";
import { onSuddenEnd } from "@fulmine/core/node";
import { command } from "../command.js";
import { packageVersion } from "../help.js";

const template = fileURLToPath(new URL("../../../template", import.meta.url));

/** npm leaves out files of these names when it packs, so the template holds them under other names. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore", npmrc: ".npmrc" };

/** `fulmine new`: creates a small working project. */
export const newProject = command({
  name: "new",
  summary: "Create a small TypeScript project that trains, with a test",
  operand: { name: "DIR", meaning: "the folder to create; an existing one must be empty" },
  flags: { json: { type: "boolean", meaning: "print JSON" } },
  examples: [
    ["fulmine new spirals", "then: cd spirals && npm install && npm start"],
    ["fulmine new .", "in the current folder"],
  ],
  async run({ json = false }, dir) {
    const { name, folder, files } = await writeProject(dir);
    const steps = [`cd ${dir}`, "npm install", "npm start", "npm test", "npm run find-lr"];
    console.log(
      json
        ? JSON.stringify({ name, folder, files }, null, 2)
        : `Created ${name} in ${folder}: ${files.length} files. Next:\n\n${steps.map((step) => `  ${step}`).join("\n")}`,
    );
    return 0;
  },
});

/** A created project. */
interface NewProject {
  /** The name of the package. */
  readonly name: string;
  readonly folder: string;
  /** Paths relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Creates a project from the template; a failure leaves no files.
 *
 * @throws FulmineError `INVALID_OPTION` when the folder is not empty, `UNAVAILABLE` when it can't be written.
 */
async function writeProject(dir: string): Promise<NewProject> {
  const folder = resolve(dir);
  const before = await entriesOf(folder);
  if (before !== null && before.length > 0) {
    throw new FulmineError("INVALID_OPTION", `${folder} is not empty.`, {
      todo: "Name a new or an empty folder.",
    });
  }
  const name = packageName(folder);
  const written: string[] = [];
  const undo = (): void => {
    rmSync(folder, { recursive: true, force: true });
    if (before !== null) mkdirSync(folder, { recursive: true });
  };
  const unregister = onSuddenEnd(undo);
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
    unregister();
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

/** The entries of a folder; `null` when it does not exist. */
async function entriesOf(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    throw new FulmineError("INVALID_OPTION", `${folder} can't be used: ${String(cause)}.`, { cause });
  }
}

/** A valid npm package name, made from the name of the folder. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "fulmine-project" : name;
}
