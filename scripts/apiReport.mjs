// Writes what each package exports into api/*.api.md, or with --check says whether it differs from what is there.
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const isCheck = process.argv.includes("--check");
const entries = {
  core: "packages/core/dist/index.d.ts",
  "core-node": "packages/core/dist/node/index.d.ts",
  "core-plugin": "packages/core/dist/plugin.d.ts",
  "batch-size-finder": "packages/batch-size-finder/dist/index.d.ts",
  figure: "packages/figure/dist/index.d.ts",
  "figure-plugin": "packages/figure/dist/plugin.d.ts",
  "lr-finder": "packages/lr-finder/dist/index.d.ts",
  runtime: "packages/runtime/dist/index.d.ts",
  "runtime-node": "packages/runtime/dist/node.d.ts",
};
const root = join(import.meta.dirname, "..");
const reportFolder = join(root, "api");
const reportTempFolder = join(tmpdir(), `fulmine-api-${process.pid}`);
mkdirSync(reportFolder, { recursive: true });
mkdirSync(reportTempFolder);

const changed = [];
for (const [name, entry] of Object.entries(entries)) {
  const projectFolder = join(root, entry.split("/").slice(0, 2).join("/"));
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(projectFolder, "package.json"),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: join(root, entry),
      compiler: { tsconfigFilePath: join(projectFolder, "tsconfig.json") },
      apiReport: { enabled: true, reportFolder, reportTempFolder, reportFileName: `${name}.api.md` },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
    },
    configObjectFullPath: undefined,
  });
  const isNew = !existsSync(join(reportFolder, `${name}.api.md`));
  const result = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  if (result.apiReportChanged || (isNew && isCheck)) changed.push(name);
}
rmSync(reportTempFolder, { recursive: true, force: true });

if (isCheck && changed.length > 0) {
  console.error(
    `The public API has changed: ${changed.join(", ")}. Run \`npm run api\` and review the difference in api/.`,
  );
  process.exitCode = 1;
} else {
  console.log(
    changed.length === 0 ? "The public API is as reported" : `Reported in api/: ${changed.join(", ")}`,
  );
}
