import { checkOptions } from "../options/checkOptions.js";
import {
  callable,
  isObject,
  optional,
  signal,
  text,
  integer,
  type Validators,
} from "../options/validators.js";

/** The options of each method. */
const settings: Readonly<Record<"fit" | "isolated", Validators>> = {
  fit: {
    checkpoint: optional({
      expected: "the path of a file, or a checkpoint",
      test: (value) => text().test(value) || isObject(value),
    }),
  },
  isolated: {
    name: optional(text()),
    seed: optional(integer),
    signal: optional(signal),
  },
};

/**
 * Checks the arguments of a run before it claims anything.
 *
 * @param run - The method.
 * @param body - The function that `isolated` runs.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function checkArguments(run: "fit" | "isolated", options: object, body?: unknown): void {
  checkOptions(options, settings[run], run);
  if (run === "isolated") checkOptions({ body }, { body: callable() }, run);
}
