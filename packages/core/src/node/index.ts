export { CsvLogger } from "./loggers/csvLogger.js";
export { endBySignal, onEndSignal, onSuddenEnd, type EndSignal } from "./endSignal.js";
export type { FolderLogger } from "./loggers/folderLogger.js";
export { JsonLinesLogger, type JsonLinesLoggerOptions } from "./loggers/jsonLinesLogger.js";
export type { RunFolderOptions } from "./loggers/folderLogger.js";
export { TensorBoardLogger } from "./tensorboard/tensorBoardLogger.js";
export { nodeFiles } from "./files/nodeFiles.js";
export { modelFiles } from "./files/modelFiles.js";
export { processPlace } from "./processPlace.js";
export { ProtoMessage } from "./protoMessage.js";
export { readParquet, type ParquetOptions } from "./data/readParquet.js";
export {
  ImageFolder,
  type ImageFolderOptions,
  type ImageLoaderOptions,
  type LabeledImage,
} from "./data/imageFolder.js";
export type { ImageFiles } from "./data/imageFiles.js";
