// Runs rooms of tests, `node scripts/test.mjs quick rest`, and prints the slowest tests and the counts at the end. Further
// arguments go to Vitest.
//
// quick: training tests on one backend (native where it is available, otherwise cpu), and all that is fast and runs once.
// rest: training tests on the other backends (on cpu only those that depend on kernels), and the slow ones. oracle: comparisons with the PyTorch peers only.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { findOnPath } from "./findOnPath.mjs";

const SLOWEST = 20;
const backends = ["native", "wasm", "cpu"];
/** The project of a backend in the room `rest`: cpu, the slowest, runs what depends on kernels. */
const restOf = (backend) => (backend === "cpu" ? "cpuNumeric" : backend);

const args = process.argv.slice(2);
const isRoom = (arg) => ["quick", "rest", "oracle"].includes(arg);
const rooms = args.filter(isRoom);
const further = args.filter((arg) => !isRoom(arg));

const setup = spawnSync(process.execPath, ["packages/fulmine/bin/fulmine.js", "setup"], { stdio: "inherit" });
const canBuild = findOnPath("python3") !== null && findOnPath("g++") !== null;
const mustHaveNative = process.env.CI !== undefined && canBuild;
if (setup.status !== 0) {
  const why = canBuild ? "see above" : "it needs python3 and g++";
  console.log(
    `The native backend is not available (${why}): its tests ${mustHaveNative ? "fail" : "are skipped"}.`,
  );
}
const quickBackend = setup.status === 0 || mustHaveNative ? "native" : "cpu";

const projects = {
  quick: [quickBackend, "once", "fuzz", "types"],
  rest: [...backends.filter((backend) => backend !== quickBackend).map(restOf), "slow", "slowNative"],
  oracle: [...backends, "once"],
};

const runs = rooms.map(runRoom);
const slowest = runs.flatMap(({ tests }) => tests).sort((a, b) => b.duration - a.duration);
console.log(`\nThe ${SLOWEST} slowest tests:`);
for (const { duration, project, file, name } of slowest.slice(0, SLOWEST))
  console.log(`${(duration / 1000).toFixed(1).padStart(6)} s  ${project}  ${file}  ${name}`);
if (runs.length > 1)
  for (const run of runs) console.log(`\n${run.room}: ${inWords(run)} in ${run.minutes} min`);

const sum = (count) => runs.reduce((total, run) => total + run[count], 0);
console.log(`\n${inWords({ passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") })}`);
process.exitCode = runs.every(({ status, passed }) => status === 0 && passed > 0) ? 0 : 1;

function runRoom(room) {
  const report = `test-results/${room}.json`;
  rmSync(report, { force: true });
  const selected = projects[room].map((project) => `--project=${project}`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const files = room === "oracle" ? oracleTests() : [];
  const started = performance.now();
  const { status } = spawnSync("vitest", ["run", ...selected, ...reporters, ...files, ...further], {
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, FULMINE_REQUIRE_NATIVE: mustHaveNative ? "1" : "" },
  });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  return { room, status, minutes, ...readReport(report) };
}

/** The counts and the tests in a report of Vitest. A run that ends without a report counts as one failure. */
function readReport(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, tests: [] };
  }
  // A file that can't be loaded has no test that could fail.
  const isUnloaded = ({ status, assertionResults }) =>
    status === "failed" && assertionResults.every((test) => test.status !== "failed");
  const tests = report.testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ fullName, duration = 0, meta }) => {
      const file = relative(process.cwd(), path);
      return { duration, project: meta?.project ?? "types", file, name: fullName };
    }),
  );
  const failed = report.numFailedTests + report.testResults.filter(isUnloaded).length;
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests, tests };
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/** The tests that read the reference data of the peers. */
function oracleTests() {
  const folders = ["test", ...readdirSync("packages").map((name) => join("packages", name, "test"))];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((path) => join(folder, path)),
  );
  return files.filter(
    (file) => file.endsWith(".test.ts") && /from "[^"]*support\/oracle\.js"/.test(readFileSync(file, "utf8")),
  );
}
