import type { Theme } from "../svg/theme.js";

/** The options of an SVG figure. */
export interface SvgOptions {
  /** The width in pixels. @defaultValue 720 */
  readonly width?: number;
  /** The height in pixels. @defaultValue what the panels of the figure need */
  readonly height?: number;
  /** The colours. @defaultValue "light" */
  readonly theme?: Theme;
}

/** The options of a PNG figure. */
export interface PngOptions extends Omit<SvgOptions, "theme"> {
  /** The colours; a PNG image can't follow the system. @defaultValue "light" */
  readonly theme?: "light" | "dark";
  /** The number of image pixels per pixel of `width` and `height`. @defaultValue 2 */
  readonly scale?: number;
  /**
   * Called if the machine has no fonts, so that the image has no text.
   *
   * @defaultValue a warning on the console
   */
  readonly warn?: (text: string) => void;
}

/** The options of an HTML page with a figure. */
export interface HtmlOptions {
  /** The colours. @defaultValue "auto" */
  readonly theme?: Theme;
}

/** The options of a figure for a terminal. */
export interface TerminalOptions {
  /** The width in characters, at least 40. @defaultValue 80 */
  readonly columns?: number;
  /** The height in lines; figures have a least height. @defaultValue what the panels of the figure need */
  readonly rows?: number;
  /** Whether to use ANSI colours. With colours the values of single steps are also drawn, dimmed. @defaultValue false */
  readonly colour?: boolean;
}
