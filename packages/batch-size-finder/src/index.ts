export { BatchSizeFinder, type BatchSizeTrial, type BatchSizeStop } from "./batchSizeFinder.js";
export type { BatchSizeHost } from "./batchSizeHost.js";
export { findBatchSize } from "./findBatchSize.js";
export type { BatchSizeFinderOptions, BatchSizeMode, FindBatchSizeOptions } from "./findBatchSizeOptions.js";
export {
  withBatchSizeFinder,
  type BatchSizeFinderTrainer,
  type WithBatchSizeFinder,
} from "./withBatchSizeFinder.js";
