// Pins the wheels that `fulmine setup` downloads: writes packages/runtime/wheels.json anew, with the SHA-256 that the
// package index gives for each, and its licence. Run it with the releases of TensorFlow to pin:
//
//   npm run build && node scripts/pinWheels.mjs 2.20.0 2.21.0
//
// It asks pip with the very flags of the set-up, so that it names the very files. The pip must know `license_expression`
// (25.0 and later); PYTHON names the Python that has one.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parseCudaRequirements } from "../packages/runtime/dist/native/build/fetchWheels.js";
import {
  tensorflowPackage,
  wheelTagFlags,
  wheelTags,
} from "../packages/runtime/dist/native/build/wheelTags.js";

const NEW = { glibc: "2.28", macos: 12 };
const TARGETS = [
  { platform: "linux", arch: "x64", flavor: "cpu" },
  { platform: "linux", arch: "x64", flavor: "gpu" },
  { platform: "linux", arch: "arm64", flavor: "cpu" },
  { platform: "darwin", arch: "arm64", flavor: "cpu" },
];
const releases = process.argv.slice(2);
const table = new URL("../packages/runtime/wheels.json", import.meta.url);

/** Which wheel pip would take for a requirement, from the first of the tags that has one. */
function find(requirement, { platform, arch }) {
  const room = mkdtempSync(join(tmpdir(), "fulmine-pin-"));
  try {
    let failure;
    for (const tags of wheelTags({ platform, arch, ...NEW })) {
      try {
        const args = ["-m", "pip", "install", "--dry-run", "--no-deps", "--ignore-installed", "--quiet"];
        const text = execFileSync(
          process.env.PYTHON ?? "python3",
          [...args, `--target=${room}`, "--report=-", ...wheelTagFlags(tags), requirement],
          { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
        );
        return read(JSON.parse(text).install[0]);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

function read({ metadata, download_info: { url, archive_info: archive } }) {
  const file = decodeURIComponent(basename(new URL(url).pathname));
  const { name, version, requires_dist: needs = [] } = metadata;
  return { wheel: { name, version, file, sha256: archive.hashes.sha256, licence: licence(metadata) }, needs };
}

/** A licence by its SPDX name; a package that tells none that SPDX knows is looked at by a person. */
function licence({ name, license = "", license_expression: expression, classifier = [] }) {
  if (expression !== undefined) return expression;
  const said = [license, ...classifier].join("\n");
  if (/apache/i.test(said)) return "Apache-2.0";
  if (/BSD/.test(said)) return "BSD-3-Clause";
  if (/nvidia/i.test(said)) return "LicenseRef-NVIDIA-Proprietary";
  throw new Error(`${name} tells no licence that is known here: ${said}`);
}

const pinned = {};
for (const release of releases) {
  pinned[release] = {};
  for (const target of TARGETS) {
    const { platform, arch, flavor } = target;
    const main = find(`${tensorflowPackage(target)}==${release}`, target);
    const metadata = main.needs.map((line) => `Requires-Dist: ${line.replaceAll("; ", " ; ")}`).join("\n");
    const others = flavor === "gpu" ? parseCudaRequirements(metadata) : [];
    const wheels = [main.wheel, ...others.map((requirement) => find(requirement, target).wheel)];
    pinned[release][`${platform}-${arch}-${flavor}`] = wheels;
    console.log(`${release} ${platform} ${arch} ${flavor}: ${wheels.length}`);
  }
}
const options = await resolveConfig(table);
writeFileSync(table, await format(JSON.stringify(pinned), { ...options, parser: "json" }));
