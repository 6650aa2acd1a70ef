import { Figure, type HtmlOptions, type SvgOptions, type TerminalOptions } from "@fulmine/figure";
import type { FigureData } from "./figureData.js";
import { toHtml } from "./html/toHtml.js";
import { toSvg } from "./svg/toSvg.js";
import { toTerminal } from "./terminal/toTerminal.js";

/** A figure of a search, for output in several formats. */
export class LrFigure extends Figure {
  /** The contents of the figure. */
  readonly data: FigureData;
  protected override readonly caption: string = "Learning-rate figure";
  protected override readonly fileName: string = "learning-rate";

  constructor(data: FigureData) {
    super();
    this.data = data;
  }

  override toString(options: TerminalOptions = {}): string {
    return toTerminal(this.data, options);
  }

  override toSvg(options: SvgOptions = {}): string {
    return toSvg(this.data, options);
  }

  override toHtml(options: HtmlOptions = {}): string {
    return toHtml(this.data, options);
  }
}
