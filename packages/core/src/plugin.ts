// For the authors of plug-ins: mixins, loaders, step runners and platforms.
export type {
  BatchReader,
  BatchSource,
  LoaderState,
  OpenOptions,
  PassState,
  ReadBatch,
} from "./data/sources/batchSource.js";
export { findHparam, findLrField, getHparam, setHparam } from "./module/hparams.js";
export { MetricStore } from "./loggers/metricStore.js";
export { checkOptions } from "./options/checkOptions.js";
export { callable, count, finite, flag, number, oneOf, optional, orNull, positive, signal, text } from "./options/validators.js";
export { nonNegativeInteger, unitInterval, type Validator, type Validators } from "./options/validators.js";
export { portablePlatform, type Platform } from "./platform/platform.js";
export {
  runEagerly,
  type StepContext,
  type StepFunction,
  type StepResult,
  type StepRunner,
} from "./step/stepFunction.js";
export { mixed, type Constructor, type Mixed, type OptionsOf, type TrainerClass } from "./trainer/mixin.js";
