import { checkOptions } from "./checkOptions.js";
import { callable, isObject, optional, signal, text, whole, type Requirements } from "./requirements.js";

/** The settings of each kind of run. */
const settings: Readonly<Record<"fit" | "isolated", Requirements>> = {
  fit: {
    checkpoint: optional({
      words: "the path of a file, or a checkpoint",
      holds: (value) => text().holds(value) || isObject(value),
    }),
  },
  isolated: {
    name: optional(text()),
    seed: optional(whole),
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
export function checkRun(run: "fit" | "isolated", options: object, body?: unknown): void {
  checkOptions(options, settings[run], run);
  if (run === "isolated") checkOptions({ body }, { body: callable() }, run);
}
