// Tries what nobody should pass: npm run test:fuzz -- [--runs 100000] [--seed 7] [--only "name of a property"] [--path 1:2]
//
// A property that fails says which seed and path lead to its case again.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values } = parseArgs({ options: { runs: text, seed: text, path: text, only: text } });
const { runs = "3000", seed = "1", path, only } = values;
for (const [name, value] of Object.entries({ runs, seed })) {
  if (/^-?\d+$/.test(value) && (name === "seed" || Number(value) > 0)) continue;
  console.error(`--${name} must be an integer. Received: ${value}.`);
  process.exit(2);
}

const report = "test-results/fuzz.json";
rmSync(report, { force: true });
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
// A name is matched as a pattern.
const named = only === undefined ? [] : ["-t", only.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")];
const { status } = spawnSync("vitest", ["run", "--project", "fuzz", ...reporters, ...named], {
  stdio: "inherit",
  env: {
    ...process.env,
    FULMINE_FUZZ_RUNS: runs,
    FULMINE_FUZZ_SEED: seed,
    ...(path === undefined ? {} : { FULMINE_FUZZ_PATH: path }),
  },
});

const tests = readTests();
const tried = tests.reduce((sum, { meta }) => sum + (meta?.cases ?? 0), 0);
const failed = tests.filter((test) => test.status === "failed").length;
console.log(`\n${tried.toLocaleString("en")} cases with the seed ${seed}, ${failed} properties failed`);
if (tried === 0 && only !== undefined) console.error(`No property has "${only}" in its name.`);
process.exitCode = status === 0 && tried > 0 ? 0 : 1;

/** A run that dies before it reports has tried nothing. */
function readTests() {
  try {
    const { testResults } = JSON.parse(readFileSync(report, "utf8"));
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } catch {
    return [];
  }
}
