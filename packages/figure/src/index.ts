export { Figure, JUPYTER_DISPLAY, type MimeBundle } from "./figure.js";
export type { HtmlOptions, PngOptions, SvgOptions, TerminalOptions } from "./options/drawingOptions.js";
export type { Theme } from "./svg/theme.js";
export type { EpochMeasurement, TrainingSource } from "./training/measurements.js";
export type { SeriesKind, TrainingData, TrainingPanel, TrainingSeries } from "./training/trainingData.js";
export { TrainingFigure, trainingFigure, type TrainingFigureOptions } from "./training/trainingFigure.js";
