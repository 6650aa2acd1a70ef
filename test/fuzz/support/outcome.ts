import * as tf from "@tensorflow/tfjs";
import { endOf, type End } from "./endOf.js";

const rejections: unknown[] = [];
process.on("unhandledRejection", (reason) => rejections.push(reason));

/**
 * Runs a case, says how it ended, and looks at what it left behind.
 *
 * @throws Error when it did damage to the process, and as {@link endOf}.
 */
export async function outcome(run: () => unknown): Promise<End> {
  const before = stateOfProcess();
  const end = await endOf(run);
  // Rejections that nobody handles are told in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve));
  const after = stateOfProcess();
  const changed = Object.keys(before).find((name) => before[name] !== after[name]);
  if (changed === undefined) return end;
  const [was, is] = [before[changed], after[changed]].map(String);
  throw new Error(`The case changed ${changed} from ${was} to ${is}; it ended: ${String(end)}`);
}

/** What no case may change. */
function stateOfProcess(): Readonly<Record<string, unknown>> {
  return {
    "the number of tensors": tf.memory().numTensors,
    "the members of every object": Reflect.ownKeys(Object.prototype).map(String).join(),
    "the members of every list": Reflect.ownKeys(Array.prototype).map(String).join(),
    "Math.random": Math.random,
    "the listeners of the process": process
      .eventNames()
      .map((name) => `${String(name)} ${process.listenerCount(name)}`)
      .join(),
    "the rejections that nobody handled": rejections.splice(0).map(String).join("; "),
    "the exit code": process.exitCode,
  };
}
