import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly object[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

interface Bom {
  readonly bomFormat: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Manifest {
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
}

const root = join(import.meta.dirname, "../..");
const room = mkdtempSync(join(tmpdir(), "fulmine-sbom-"));
afterAll(() => rmSync(room, { recursive: true }));

let bom: Bom;
beforeAll(() => {
  const path = join(room, "sbom.json");
  execFileSync(process.execPath, ["scripts/sbom.mjs", path], { cwd: root });
  bom = JSON.parse(readFileSync(path, "utf8")) as Bom;
});

const versionsOf = (wanted: string): readonly string[] =>
  bom.components.filter(({ name }) => name === wanted).map(({ version }) => version);

test("the bill of materials names all that a package needs to run, with a licence each", () => {
  expect(bom.bomFormat).toBe("CycloneDX");
  for (const folder of readdirSync(join(root, "packages"))) {
    const text = readFileSync(join(root, "packages", folder, "package.json"), "utf8");
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(text) as Manifest;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      expect(versionsOf(name), name).not.toEqual([]);
  }
  expect(versionsOf("@tensorflow/tfjs")).toEqual(["4.22.0"]);
  for (const { name, licenses } of bom.components) expect(licenses.length, name).toBeGreaterThan(0);
});

test("it leaves out what only development needs", () => {
  for (const name of ["vitest", "eslint", "fast-check"]) expect(versionsOf(name)).toEqual([]);
});

test("it names each wheel and npm package that a set-up may download, with its hash", () => {
  const table = JSON.parse(readFileSync(join(root, "packages/runtime/wheels.json"), "utf8")) as Record<
    string,
    Record<string, readonly { readonly sha256: string }[]>
  >;
  const known = Object.values(table).flatMap((targets) => Object.values(targets).flat());
  const listed = bom.components.flatMap(({ hashes = [] }) => hashes.map(({ content }) => content));
  expect(versionsOf("tensorflow-cpu")).toContain("2.21.0");
  for (const { sha256 } of known) expect(listed).toContain(sha256);
  expect(versionsOf("@tensorflow/tfjs-node-gpu")).toEqual(["4.22.0"]);
  const packages = readFileSync(join(root, "packages/runtime/npmPackages.json"), "utf8");
  for (const { integrity } of JSON.parse(packages) as readonly { readonly integrity: string }[])
    expect(listed).toContain(Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex"));
});

test("whatever it says to be needed is in it", () => {
  const refs = new Set(bom.components.map((component) => component["bom-ref"]));
  for (const { ref, dependsOn } of bom.dependencies)
    for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
});
