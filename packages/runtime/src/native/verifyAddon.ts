import { FulmineError } from "@fulmine/core";
import { runProcess } from "./runProcess.js";

const SCRIPT = `
const addon = { exports: {} };
process.dlopen(addon, process.argv[1]);
console.log("TensorFlow " + addon.exports.TF_Version);
`;

/**
 * Loads a freshly compiled addon in a process of its own and asks it for its version of TensorFlow.
 *
 * @throws FulmineError `SETUP_FAILED` when it does not load; `ABORTED`.
 */
export async function verifyAddon(addon: string, signal?: AbortSignal): Promise<string> {
  const result = await runProcess(process.execPath, ["-e", SCRIPT, addon], {
    env: { TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: "" },
    ...(signal === undefined ? {} : { signal }),
  });
  const version = /^TensorFlow (\S+)/m.exec(result.stdout)?.[1];
  if (result.code === 0 && version !== undefined) return version;
  const line = result.stderr.split("\n").find((each) => /error/i.test(each)) ?? "it crashed";
  throw new FulmineError("SETUP_FAILED", `The compiled addon does not load: ${line.trim()}`, {
    cause: result.stderr,
  });
}
