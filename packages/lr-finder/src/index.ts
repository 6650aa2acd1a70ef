export type { Band, Curve, LadderMode, StopReason, SweptOptimizer, RateTrial } from "./curve/curve.js";
export type { FigureData, OverlaidCurve } from "./figure/figureData.js";
export { toHtml, type HtmlOptions } from "./figure/html/toHtml.js";
export { LrFigure } from "./figure/lrFigure.js";
export { toSvg, type SvgOptions } from "./figure/svg/toSvg.js";
export { toTerminal, type TerminalOptions } from "./figure/terminal/toTerminal.js";
export type { Theme } from "./figure/theme.js";
export { toPng, type PngOptions } from "./figure/toPng.js";
export { toVegaLite, type VegaLiteSpec } from "./figure/toVegaLite.js";
export { findLr } from "./findLr.js";
export { LrFinder, type PlotOptions, type ShowOptions } from "./lrFinder.js";
export { LrFinderCallback, type LrFinderCallbackOptions } from "./lrFinderCallback.js";
export type { LrFinderBase, LrFinderOptions, LrFindHost } from "./lrFindHost.js";
export type { FindLrProgress } from "./progressEvents.js";
export type { FindLrOptions } from "./options/findLrOptions.js";
export { auto } from "./rules/auto.js";
export { minimum, slide, type SlideOptions, valley } from "./rules/peers/fastai.js";
export { ignite } from "./rules/peers/ignite.js";
export { lightning, type LightningOptions } from "./rules/peers/lightning.js";
export { steepest, type SteepestOptions } from "./rules/peers/torchLrFinder.js";
export { rules, type Rule, type RuleChoice, type RuleName, suggest } from "./rules/rules.js";
export type { FoundSuggestion, NoSuggestion, NoSuggestionReason, Suggestion } from "./rules/suggestion.js";
export type { LogSearchOptions } from "./saving/logSearch.js";
export type { SavedNumber } from "./saving/savedSchema.js";
export type { Saved, SavedSearch } from "./saving/savedSearch.js";
export {
  withLrFinder,
  type LrFinderTrainer,
  type WithLrFinder,
} from "./withLrFinder.js";
