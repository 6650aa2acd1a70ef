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

const loading: Validators = {
  checkpoint: optional({
    expected: '"best", "last", the path of a file, or a checkpoint',
    test: (value) => text().test(value) || isObject(value),
  }),
};

/** The options of each method. */
const settings = {
  ...{ fit: loading, validate: loading, test: loading, predict: loading },
  isolated: {
    name: optional(text()),
    seed: optional(integer),
    signal: optional(signal),
  },
} as const satisfies Readonly<Record<string, Validators>>;

/**
 * Checks the arguments of a run before it claims anything.
 *
 * @param run - The method.
 * @param body - The function that `isolated` runs.
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function checkArguments(run: keyof typeof settings, options: object, body?: unknown): void {
  checkOptions(options, settings[run], run);
  if (run === "isolated") checkOptions({ body }, { body: callable() }, run);
}
