import { FulmineError } from "@fulmine/core";
import { showFile, writeFile } from "#platform";
import { checkOption } from "../options/checkOptions.js";
import type { FigureData } from "./figureData.js";
import { toHtml } from "./html/toHtml.js";
import { toSvg } from "./svg/toSvg.js";
import { toTerminal, type TerminalOptions } from "./terminal/toTerminal.js";
import { toPng, type PngOptions } from "./toPng.js";

/** A figure of a search, for output in several formats. */
export class LrFigure {
  /** The contents of the figure. */
  readonly data: FigureData;

  constructor(data: FigureData) {
    this.data = data;
  }

  /** The figure as text for a terminal. */
  toString(options: TerminalOptions = {}): string {
    return toTerminal(this.data, options);
  }

  /** The figure as SVG. */
  toSvg(): string {
    return toSvg(this.data);
  }

  /**
   * The figure as the bytes of a PNG file.
   *
   * @throws FulmineError `UNAVAILABLE` without `@resvg/resvg-js`, and in browsers.
   */
  toPng(options: PngOptions = {}): Promise<Uint8Array> {
    return toPng(this.data, options);
  }

  /**
   * Writes the figure to a file, prints the path, and opens the file on a machine with a desktop. Fulmine does not delete the
   * file; the system may clean up its temporary folder.
   *
   * In a browser it opens a new tab; if the browser blocks the tab, it prints the address. To see the figure in a terminal,
   * print it: `console.log(String(figure))`.
   *
   * @param path - The extension sets the format, as in {@link LrFigure.save}. @defaultValue `learning-rate.html` in a new
   * folder in the system's temporary folder
   * @returns The absolute path; in a browser the address of the tab.
   * @throws FulmineError as {@link LrFigure.save}.
   */
  async show(path?: string): Promise<string> {
    const file = path ?? "learning-rate.html";
    return showFile(file, path === undefined, await this.#render(file));
  }

  /**
   * Writes the figure to a file; in a browser it offers a download.
   *
   * @param path - The extension sets the format: `.svg`, `.png` or `.html`.
   * @returns The path.
   * @throws FulmineError `INVALID_OPTION` for any other extension, `UNAVAILABLE` for `.png` without `@resvg/resvg-js`.
   */
  async save(path: string): Promise<string> {
    return writeFile(path, await this.#render(path));
  }

  async #render(path: string): Promise<string | Uint8Array> {
    checkOption("save", "path", typeof path === "string", "must be the path of a file", path);
    if (path.endsWith(".svg")) return toSvg(this.data);
    if (path.endsWith(".html")) return toHtml(this.data);
    if (path.endsWith(".png")) return toPng(this.data);
    throw new FulmineError("INVALID_OPTION", "A figure can be saved as .svg, .png or .html only.", {
      received: path,
    });
  }
}
