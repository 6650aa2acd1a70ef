// Packs every package and looks at the tarballs: what publint and "are the types wrong" find, and what must be in them.
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packPackages } from "./packPackages.mjs";

/** Every package is ESM alone, as its `engines` allow: Node 20.19 has require() of ESM, and resolves by `exports`. */
const NOT_SERVED = ["node10", "node16-cjs"];

/** The files that packages read while they run. */
const filesOf = {
  "@fulmine/runtime": [
    ...readdirSync("packages/runtime/binding").map((each) => `binding/${each}`),
    "npmPackages.json",
    "wheels.json",
  ],
  fulmine: [...readdirSync("packages/fulmine/page").map((each) => `page/${each}`), "dist/watch/page/main.js"],
};

const license = readFileSync("LICENSE", "utf8");
const folder = mkdtempSync(join(tmpdir(), "fulmine-packed-"));
const troubles = [];
try {
  for (const [name, path] of Object.entries(packPackages(folder))) {
    const tarball = readFileSync(path);
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
    troubles.push(...messages.map((message) => `${name}: ${formatMessage(message, pkg)}`));

    const packed = createPackageFromTarballData(tarball);
    const { problems } = await checkPackage(packed);
    for (const { kind, resolutionKind, entrypoint = "" } of problems)
      if (!NOT_SERVED.includes(resolutionKind))
        troubles.push(`${name}: ${kind} ${resolutionKind} ${entrypoint}`);

    const read = (file) => packed.tryReadFile(`/node_modules/${name}/${file}`);
    if (read("LICENSE") !== license) troubles.push(`${name}: the LICENSE is not the project's`);
    if (read("README.md") === undefined) troubles.push(`${name}: there is no README.md`);
    // They are read where the package is installed, so nothing notices before that they are missing.
    for (const file of filesOf[name] ?? [])
      if (read(file) === undefined) troubles.push(`${name}: does not pack ${file}`);
    const stray = packed.listFiles().filter((file) => /\.(tsbuildinfo|test\.[jt]s)$/.test(file));
    troubles.push(
      ...stray.filter((file) => !file.includes("/template/")).map((file) => `${name}: packs ${file}`),
    );
    const { access, provenance } = pkg.publishConfig ?? {};
    if (access !== "public" || provenance !== true)
      troubles.push(`${name}: publishConfig lacks access or provenance`);
    console.log(`${(tarball.length / 1000).toFixed(0)} kB, ${packed.listFiles().length} files: ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const trouble of troubles) console.error(trouble);
process.exitCode = troubles.length === 0 ? 0 : 1;
