// Builds what has changed, by turbo without telemetry, and stays quiet unless it fails.
import { spawnSync } from "node:child_process";

const started = performance.now();
const { status, stdout, stderr } = spawnSync("turbo", ["run", "build", "--output-logs=errors-only"], {
  encoding: "utf8",
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
});
if (status === 0) console.log(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
else console.error(stdout, stderr);
process.exitCode = status ?? 1;
