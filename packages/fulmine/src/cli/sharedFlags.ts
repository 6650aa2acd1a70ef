import type { Accelerator } from "@fulmine/runtime";
import type { FlagSpecs } from "./command.js";
import { choiceFlag, wholeFlag } from "./flags.js";

const ACCELERATORS: readonly Accelerator[] = ["auto", "gpu", "native", "webgpu", "wasm", "cpu"];

/** The flags of every command that runs a model. */
export const runFlags = {
  seed: {
    type: "string",
    value: "NUMBER",
    meaning: "the seed of weights, shuffles, dropout and all other random numbers",
  },
  accelerator: { type: "string", value: "NAME", meaning: "auto (default), gpu, native, webgpu, wasm or cpu" },
} as const satisfies FlagSpecs;

/** The flag of commands that run a trained model. */
export const checkpointFlag = {
  checkpoint: {
    type: "string",
    value: "WHICH",
    meaning:
      "the weights: best or last of what the file's ModelCheckpoint saved, or the path of a checkpoint",
  },
} as const satisfies FlagSpecs;

/**
 * Reads the {@link runFlags}.
 *
 * @throws UsageError, naming the flag that is wrong.
 */
export function readRunFlags(given: {
  readonly seed?: string | undefined;
  readonly accelerator?: string | undefined;
}): { readonly seed: { readonly seed?: number }; readonly accelerator: Accelerator | undefined } {
  return {
    seed: wholeFlag("seed", "seed", given.seed),
    accelerator: choiceFlag("accelerator", given.accelerator, ACCELERATORS),
  };
}
