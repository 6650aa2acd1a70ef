// Runs every test: sets the native backend up where it can be had, runs Vitest on all backends, and says how it went in
// one last line. Further arguments go to Vitest.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { findOnPath } from "./findOnPath.mjs";

const report = "test-results/vitest.json";
rmSync(report, { force: true });

const setup = spawnSync(process.execPath, ["packages/fulmine/bin/fulmine.js", "setup"], { stdio: "inherit" });
const canBuild = findOnPath("python3") !== null && findOnPath("g++") !== null;
const mustHaveNative = process.env.CI !== undefined && canBuild;
if (setup.status !== 0) {
  const why = canBuild ? "see above" : "it needs python3 and g++";
  console.log(
    `The native backend can't be had (${why}): its tests ${mustHaveNative ? "fail" : "are skipped"}.`,
  );
}

const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const run = spawnSync("vitest", ["run", ...reporters, ...process.argv.slice(2)], {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, FULMINE_REQUIRE_NATIVE: mustHaveNative ? "1" : "" },
});

const { numPassedTests, numFailedTests, numPendingTests } = readReport();
const skipped = numPendingTests === 0 ? "" : `, ${numPendingTests} skipped`;
console.log(`\n${numPassedTests} passed, ${numFailedTests} failed${skipped}`);
process.exitCode = run.status === 0 && numPassedTests > 0 ? 0 : 1;

/** A run that dies before it reports has passed nothing. */
function readReport() {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  }
}
