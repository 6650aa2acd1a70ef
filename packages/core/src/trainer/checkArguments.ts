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

/** The settings of each kind of run. */
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
 * Checks the settings that a run is called with, before it claims anything.
 *
 * @param run - The method's name in messages.
 * @param body - What `isolated` is to run.
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function checkArguments(run: "fit" | "isolated", options: object, body?: unknown): void {
  checkOptions(options, settings[run], run);
  if (run === "isolated") checkOptions({ body }, { body: callable() }, run);
}
