// Writes a software bill of materials, as CycloneDX JSON, of all that a user of the packages gets: what npm installs with
// them, and the wheels and npm packages that `fulmine setup` downloads, each with its hash and licence. The file is sbom.cdx.json, or the
// one that is named. Fails when a licence is not known.
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const [path = "sbom.cdx.json"] = process.argv.slice(2);
const root = new URL("../", import.meta.url);
const read = (file) => JSON.parse(readFileSync(new URL(file, root), "utf8"));
const manifests = readdirSync(new URL("packages", root)).map((name) => read(`packages/${name}/package.json`));

const args = ["sbom", "--sbom-format=cyclonedx", "--workspaces"];
const all = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }));
const needs = new Map(all.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
const packages = manifests.map(({ name, version }) => `${name}@${version}`);

/** What a package needs to run; npm tells of our own what they are developed with, too. */
function needed(ref) {
  const own = manifests.find(({ name, version }) => ref === `${name}@${version}`);
  if (own === undefined) return needs.get(ref) ?? [];
  const { dependencies, optionalDependencies, peerDependencies } = own;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return (needs.get(ref) ?? []).filter((each) => names.includes(each.slice(0, each.lastIndexOf("@"))));
}

const reached = new Set(packages);
// A set hands out what is added to it while it is walked.
for (const ref of reached) for (const next of needed(ref)) reached.add(next);

const wheels = new Map();
for (const targets of Object.values(read("packages/runtime/wheels.json")))
  for (const [target, list] of Object.entries(targets))
    for (const wheel of list) {
      const known = wheels.get(wheel.file) ?? { ...wheel, targets: new Set() };
      known.targets.add(target);
      wheels.set(wheel.file, known);
    }

function wheelComponent({ name, version, file, sha256, licence, targets }) {
  const project = name.replaceAll("_", "-");
  return {
    "bom-ref": `wheel:${file}`,
    type: "library",
    name: project,
    version,
    scope: "optional",
    purl: `pkg:pypi/${project}@${version}?file_name=${file}`,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    licenses: [{ license: licence.startsWith("LicenseRef-") ? { name: licence } : { id: licence } }],
    properties: [...targets].map((value) => ({ name: "fulmine:downloadedBySetupFor", value })),
  };
}

function packageComponent({ name, version, integrity, licence }) {
  return {
    "bom-ref": `setup:${name}@${version}`,
    type: "library",
    name,
    version,
    scope: "optional",
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    hashes: [
      { alg: "SHA-512", content: Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex") },
    ],
    licenses: [licence.includes(" ") ? { expression: licence } : { license: { id: licence } }],
    properties: [{ name: "fulmine:downloadedBySetupFor", value: "every target" }],
  };
}

const downloaded = [
  ...[...wheels.values()].map(wheelComponent),
  ...read("packages/runtime/npmPackages.json").map(packageComponent),
];
// npm calls our own packages by their folders.
const installed = all.components
  .filter((each) => reached.has(each["bom-ref"]))
  .map((each) => ({ ...each, name: each["bom-ref"].slice(0, each["bom-ref"].lastIndexOf("@")) }));
const components = [...installed, ...downloaded];
const unknown = components.filter(({ licenses = [] }) => licenses.length === 0).map(({ name }) => name);
if (unknown.length > 0) throw new Error(`No licence is known of ${unknown.join(", ")}.`);

const { version } = manifests.find(({ name }) => name === "fulmine");
const runtime = packages.find((ref) => ref.startsWith("@fulmine/runtime@"));
const dependencies = [...reached].map((ref) => ({
  ref,
  dependsOn: [
    ...needed(ref).filter((each) => reached.has(each)),
    ...(ref === runtime ? downloaded.map((each) => each["bom-ref"]) : []),
  ],
}));
const bom = {
  ...all,
  metadata: {
    ...all.metadata,
    component: { type: "application", name: "fulmine", version, licenses: [{ license: { id: "MIT" } }] },
  },
  components,
  dependencies: [...dependencies, ...downloaded.map((each) => ({ ref: each["bom-ref"], dependsOn: [] }))],
};
writeFileSync(path, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${components.length} components, ${downloaded.length} of them from the set-up: ${path}`);
