// Compiles every TypeScript and JavaScript snippet of the Markdown files against the built packages. A snippet is a module
// of its own; "```ts continues" goes on where the one before it ended. docs/given.d.ts says what all take for given.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { markdownPages } from "./markdownPages.mjs";

const root = join(import.meta.dirname, "..");
const languages = { ts: ".ts", typescript: ".ts", js: ".js", javascript: ".js", mjs: ".js" };

/** The modules of a page: their text, and for each line the line of the page that it stands on. */
function modulesOf(page) {
  const modules = [];
  let fence = null;
  for (const [at, line] of readFileSync(join(root, page), "utf8").split("\n").entries()) {
    const [, indent, marks, language, info] = /^(\s*)(`{3,})(\w*)\s*(.*)$/.exec(line) ?? [];
    if (fence !== null) {
      if (marks === fence.marks && language === "") fence = null;
      else if (fence.module) {
        fence.module.text += `${line.slice(fence.indent)}\n`;
        fence.module.lines.push(at + 1);
      }
    } else if (marks !== undefined) {
      const ending = languages[language];
      const isNew = ending !== undefined && info !== "continues";
      if (isNew) modules.push({ path: join(root, `${page}.${at + 1}${ending}`), page, text: "", lines: [] });
      fence = { marks, indent: indent.length, module: ending && modules.at(-1) };
    }
  }
  return modules;
}

const modules = markdownPages().flatMap(modulesOf);
const byPath = new Map(modules.map((module) => [module.path, module]));
const options = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
  ...{ allowJs: true, checkJs: true, noEmit: true, skipLibCheck: true },
  types: ["node"],
};
const host = ts.createCompilerHost(options);
const [fileExists, readFile] = [host.fileExists, host.readFile];
host.fileExists = (path) => byPath.has(path) || fileExists(path);
host.readFile = (path) => byPath.get(path)?.text ?? readFile(path);

const program = ts.createProgram([...byPath.keys(), join(root, "docs/given.d.ts")], options, host);
// In JavaScript there is no place to say what a parameter is.
const isUntyped = ({ file, code }) => file?.fileName.endsWith(".js") && code >= 7000 && code < 8000;
const errors = ts.getPreEmitDiagnostics(program).filter((error) => !isUntyped(error));
for (const { file, start = 0, messageText, code } of errors) {
  const module = file && byPath.get(file.fileName);
  const { line, character } = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
  const place = module
    ? `${module.page}:${module.lines[line] ?? "end"}:${character + 1}`
    : `${relative(root, file?.fileName ?? "")}:${line + 1}`;
  console.error(`${place} TS${code} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
if (errors.length > 0) process.exitCode = 1;
else console.log(`${modules.length} snippets compile`);
