export type { Band, Curve, LadderMode, StopReason, SweptOptimizer } from "./curve.js";
export type { FigureData, OverlaidCurve } from "./figure/figureData.js";
export type { Theme } from "./figure/theme.js";
export { toHtml, type HtmlOptions } from "./figure/toHtml.js";
export { toPng, type PngOptions } from "./figure/toPng.js";
export { toSvg, type SvgOptions } from "./figure/toSvg.js";
export { toTerminal, type TerminalOptions } from "./figure/toTerminal.js";
export { toVegaLite, type VegaLiteSpec } from "./figure/toVegaLite.js";
export { findLr } from "./findLr.js";
export type { FindLrOptions } from "./findLrOptions.js";
export type { LogSearchOptions } from "./logSearch.js";
export { LrFigure } from "./lrFigure.js";
export { LrFinder, type PlotOptions, type ShowOptions } from "./lrFinder.js";
export { LrFinderCallback, type LrFinderCallbackOptions } from "./lrFinderCallback.js";
export type { LrFindHost, LrFindHostClass } from "./lrFindHost.js";
export type { FindLrProgress } from "./progressEvents.js";
export type { RateTrial } from "./sweep/rateTrial.js";
export { auto } from "./rules/auto.js";
export { ignite } from "./rules/ignite.js";
export { lightning, type LightningOptions } from "./rules/lightning.js";
export { minimum } from "./rules/minimum.js";
export { rules, type Rule, type RuleChoice, type RuleName } from "./rules/rules.js";
export { slide, type SlideOptions } from "./rules/slide.js";
export { steepest, type SteepestOptions } from "./rules/steepest.js";
export { suggest } from "./rules/suggest.js";
export { valley } from "./rules/valley.js";
export type { SavedNumber } from "./saving/savedNumber.js";
export type { Saved, SavedSearch } from "./saving/savedSearch.js";
export type { FoundSuggestion, NoSuggestion, NoSuggestionReason, Suggestion } from "./suggestion.js";
export {
  withLrFinder,
  type LrFinderOptions,
  type LrFinderTrainer,
  type WithLrFinder,
} from "./withLrFinder.js";
