import { FulmineError } from "../../errors/fulmineError.js";
import { readOptions, requireSettings } from "../../options/checkOptions.js";
import { nonNegativeInteger, flag, oneOf, optional, text, integerFrom } from "../../options/validators.js";
import { checkPattern } from "./checkpointName.js";
import { monitorName, type MonitorMode } from "../monitor.js";

/** The options of {@link ModelCheckpoint}. */
export interface ModelCheckpointOptions {
  /** Folder of the checkpoints. @defaultValue `checkpoints` in the Trainer's `defaultRootDir` */
  readonly dirpath?: string;
  /**
   * File name without its extension. Names in braces are replaced by their values, optionally with a format:
   * `"{epoch}-{val_loss:.2f}"` gives `epoch=2-val_loss=0.31.ckpt`.
   * @defaultValue "{epoch}-{step}"
   */
  readonly filename?: string;
  /** Whether a replaced value is preceded by its name. @defaultValue true */
  readonly autoInsertMetricName?: boolean;
  /** The logged metric that ranks the checkpoints. @defaultValue none: the latest are kept */
  readonly monitor?: string;
  /** Whether the metric should decrease or increase. @defaultValue "min" */
  readonly mode?: MonitorMode;
  /** Number of checkpoints to keep; -1 keeps all, 0 keeps none. @defaultValue 1 */
  readonly saveTopK?: number;
  /** Whether the latest checkpoint is also saved as `last.ckpt`. @defaultValue false */
  readonly saveLast?: boolean;
  /** Number of optimizer steps between two saves, instead of saves after epochs; 0 for none. @defaultValue 0 */
  readonly everyNTrainSteps?: number;
  /** Number of epochs between two saves; 0 for none. @defaultValue 1, or 0 with `everyNTrainSteps` */
  readonly everyNEpochs?: number;
  /**
   * Whether checkpoints are saved at the end of training epochs instead of after validations.
   * @defaultValue true if each epoch ends with one validation or has none
   */
  readonly saveOnTrainEpochEnd?: boolean;
  /**
   * What happens when a file can't be written during training, e.g. on a full disk: `"stop"` throws, `"warn"` shows a warning
   * and continues training. Existing files are kept in both cases.
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

/** The options of `ModelCheckpoint`, with defaults filled in. */
export type ReadModelCheckpointOptions = ModelCheckpointOptions &
  Required<Pick<ModelCheckpointOptions, keyof typeof defaults>>;

/**
 * Checks the options of `ModelCheckpoint` and fills in the defaults.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`, naming the option.
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
