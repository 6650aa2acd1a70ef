// What packages with figures of their own draw with.
export { writeFile } from "#platform";
export {
  labelled,
  powerOfTen,
  type HorizontalAxis,
  type HorizontalTicks,
  type Tick,
  type VerticalAxis,
} from "./axes/axis.js";
export {
  linearScale,
  logScale,
  logTicks,
  symlogScale,
  type AxisScale,
  type LogTicks,
} from "./axes/axisScale.js";
export { htmlPage, type PageContents, type PageDrawing, type TableRow } from "./html/htmlPage.js";
export { formatCount, formatLoss, formatRate } from "./numbers/formatNumber.js";
export { checkDrawing, type DrawingOptions } from "./options/checkDrawing.js";
export { checkOption, checkOptionNames } from "./options/checkOptions.js";
export { pngOf } from "./png/pngOf.js";
export {
  svgDocument,
  svgHeading,
  type HeadingLine,
  type Sheet,
  type SvgContents,
  type SvgPart,
} from "./svg/document.js";
export { svgDot, svgLegend, svgRing, type LegendEntry } from "./svg/legend.js";
export {
  horizontalAxisHeight,
  panelX,
  panelY,
  svgGrid,
  svgHorizontalAxis,
  svgVerticalTitle,
  verticalAxisWidth,
  type Panel,
} from "./svg/panel.js";
export { escapeXml, pixels, textWidth, wrap } from "./svg/text.js";
export { LIGHT, overlayRole, paint, type OverlayRole, type Paint, type Role } from "./svg/theme.js";
export type { BrailleCanvas } from "./terminal/brailleCanvas.js";
export {
  COLOURS,
  drawLine,
  dyeing,
  gutterOf,
  horizontalAxisLines,
  legendLines,
  panelLines,
  rowOf,
  shorten,
  type Ink,
  type TerminalPanel,
  type TerminalPlace,
} from "./terminal/terminalPanel.js";
