import { FulmineError } from "../../errors/fulmineError.js";
import { readOptions, requireSettings } from "../../options/checkOptions.js";
import { nonNegativeInteger, flag, oneOf, optional, text, integerFrom } from "../../options/validators.js";
import { checkPattern } from "./checkpointName.js";
import { monitorName, type MonitorMode } from "../monitor.js";

/** The settings of `ModelCheckpoint`. */
export interface ModelCheckpointOptions {
  /** The folder of the files. @defaultValue `checkpoints` in the Trainer's `defaultRootDir` */
  readonly dirpath?: string;
  /**
   * The files' names without their ending: names in braces are filled in, with a format where there is one, e.g.
   * `"{epoch}-{val_loss:.2f}"` gives `epoch=2-val_loss=0.31.ckpt`.
   * @defaultValue "{epoch}-{step}"
   */
  readonly filename?: string;
  /** Whether names are put before what is filled in for them. @defaultValue true */
  readonly autoInsertMetricName?: boolean;
  /** The logged metric by which the best are kept. @defaultValue none: the latest are kept */
  readonly monitor?: string;
  /** Whether the metric is to fall or to rise. @defaultValue "min" */
  readonly mode?: MonitorMode;
  /** How many are kept; -1 for all, 0 for none. @defaultValue 1 */
  readonly saveTopK?: number;
  /** Whether the latest is saved as `last.ckpt` as well. @defaultValue false */
  readonly saveLast?: boolean;
  /** Saves after every so many optimizer steps, and not after epochs; 0 for never. @defaultValue 0 */
  readonly everyNTrainSteps?: number;
  /** Saves after every so many epochs; 0 for never. @defaultValue 1, or 0 with `everyNTrainSteps` */
  readonly everyNEpochs?: number;
  /**
   * Saves at the end of training epochs, and not of validations.
   * @defaultValue true where each epoch ends with one validation, or there is none
   */
  readonly saveOnTrainEpochEnd?: boolean;
  /**
   * What follows when a file can't be written while training, as on a full disk: `"stop"` throws, `"warn"` says so and trains
   * on. The files that are there stay in either case.
   * @defaultValue "stop"
   */
  readonly onError?: "stop" | "warn";
}

const requirements = {
  dirpath: optional(text()),
  filename: text(),
  autoInsertMetricName: flag,
  monitor: optional(monitorName),
  mode: oneOf("min", "max"),
  saveTopK: integerFrom(-1),
  saveLast: flag,
  everyNTrainSteps: nonNegativeInteger,
  everyNEpochs: nonNegativeInteger,
  saveOnTrainEpochEnd: optional(flag),
  onError: oneOf("stop", "warn"),
};

const defaults = {
  filename: "{epoch}-{step}",
  autoInsertMetricName: true,
  mode: "min",
  saveTopK: 1,
  saveLast: false,
  everyNTrainSteps: 0,
  everyNEpochs: 1,
  onError: "stop",
} as const;

/** Settings of `ModelCheckpoint` with their defaults. */
export type ReadModelCheckpointOptions = ModelCheckpointOptions &
  Required<Pick<ModelCheckpointOptions, keyof typeof defaults>>;

/**
 * Checks the settings of `ModelCheckpoint` and puts in their defaults.
 *
 * @throws {@link FulmineError} `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the setting.
 */
export function readModelCheckpointOptions(given: ModelCheckpointOptions): ReadModelCheckpointOptions {
  requireSettings(given, "ModelCheckpoint");
  const everyNEpochs = (given.everyNTrainSteps ?? 0) > 0 ? 0 : 1;
  const options = readOptions("ModelCheckpoint", given, { ...defaults, everyNEpochs }, requirements);
  checkPattern(options.filename);
  if (options.everyNTrainSteps === 0 || options.everyNEpochs === 0) return options;
  throw new FulmineError(
    "INVALID_OPTION",
    "`ModelCheckpoint` saves by `everyNTrainSteps` or by `everyNEpochs`, not by both.",
    { received: given, todo: "Pass two ModelCheckpoints." },
  );
}
