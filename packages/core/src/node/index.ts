export { CsvLogger } from "./csvLogger.js";
export type { FolderLogger } from "./folderLogger.js";
export { JsonLinesLogger, type JsonLinesLoggerOptions } from "./jsonLinesLogger.js";
export type { RunFolderOptions } from "./runFolder.js";
export { TensorBoardLogger } from "./tensorBoardLogger.js";
export { nodeFiles } from "./nodeFiles.js";
export { modelFiles } from "./modelFiles.js";
export { processPlace } from "./processPlace.js";
export { ProtoMessage } from "./protoMessage.js";
