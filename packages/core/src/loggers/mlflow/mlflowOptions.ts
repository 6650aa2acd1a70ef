import { FulmineError } from "../../errors/fulmineError.js";
import { readOptions } from "../../options/checkOptions.js";
import { callable, isObject, optional, positive, text, type Validators } from "../../options/validators.js";
import { consoleDisplay } from "../../platform/display.js";

/** The options of `MlflowLogger`, with Lightning's names. */
export interface MlflowLoggerOptions {
  /** The address of the tracking server, e.g. `http://127.0.0.1:5000`. */
  readonly trackingUri: string;
  /** The experiment; created if needed. @defaultValue "fulmine", or with `runId` the experiment of that run */
  readonly experimentName?: string;
  /** The name of the run. @defaultValue one that the server makes up */
  readonly runName?: string;
  /** An existing run to go on with. @defaultValue a new run */
  readonly runId?: string;
  /** Tags of the run. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Which checkpoints of a `ModelCheckpoint` become artifacts: those that are kept when a fit ends (`true`), or each one
   * as soon as it is saved (`"all"`).
   *
   * @defaultValue false
   */
  readonly logModel?: boolean | "all";
  /** Headers of every request, e.g. `{ authorization: "Bearer …" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The longest time to wait for an answer, in seconds; uploads of large files get more. @defaultValue 10 */
  readonly timeout?: number;
  /** Called with each warning. @defaultValue a warning on the console */
  readonly warn?: (text: string) => void;
}

/** The options with their defaults. */
export type ReadMlflowOptions = MlflowLoggerOptions &
  Required<Pick<MlflowLoggerOptions, "tags" | "logModel" | "headers" | "timeout" | "warn">>;

const texts = {
  expected: "an object of texts by name",
  test: (value: unknown): boolean =>
    isObject(value) && Object.values(value).every((each) => typeof each === "string"),
};

const validators: Validators = {
  trackingUri: {
    expected: "the http or https address of an MLflow server, without a user in it",
    test: isAddress,
    todo: "Give e.g. `http://127.0.0.1:5000`, and a password in `headers`.",
  },
  experimentName: optional(text("the name of an experiment")),
  runName: optional(text("the name of a run")),
  runId: optional(text("the id of a run")),
  tags: texts,
  logModel: {
    expected: 'true, false or "all"',
    test: (value) => typeof value === "boolean" || value === "all",
  },
  headers: texts,
  timeout: positive,
  warn: callable(),
};

/**
 * Checks the options of an `MlflowLogger` and adds the defaults.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
 */
export function readMlflowOptions(given: MlflowLoggerOptions): ReadMlflowOptions {
  const defaults = {
    ...{ tags: {}, logModel: false, headers: {}, timeout: 10 },
    warn: (text: string) => consoleDisplay().warn(text),
  };
  const options = readOptions("MlflowLogger", given, defaults, validators);
  try {
    new Headers(options.headers);
  } catch (cause) {
    throw new FulmineError("INVALID_OPTION", "`headers` of `MlflowLogger` can't be sent.", {
      received: Object.keys(options.headers),
      cause,
    });
  }
  return options;
}

function isAddress(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username + password + search + hash === "";
}
