export { FulmineError, type ErrorCode, type ErrorParts } from "./fulmineError.js";
export { consoleDisplay, silentDisplay, type Display, type ProgressLine } from "./display.js";
