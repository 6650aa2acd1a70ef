import { FulmineError } from "@fulmine/core";
import { writeFile } from "#writeFile";
import type { FigureData } from "./figure/figureData.js";
import { toHtml } from "./figure/toHtml.js";
import { toPng } from "./figure/toPng.js";
import { toSvg } from "./figure/toSvg.js";
import { toTerminal, type TerminalOptions } from "./figure/toTerminal.js";

/** A search's curve as a picture, in whichever form is wanted. */
export class LrFigure {
  /** What the picture shows. */
  readonly data: FigureData;

  constructor(data: FigureData) {
    this.data = data;
  }

  /** The picture in letters, for a terminal; 80 columns wide unless told otherwise. */
  toString(options: TerminalOptions = {}): string {
    return toTerminal(this.data, options);
  }

  /** The picture as SVG. */
  toSvg(): string {
    return toSvg(this.data);
  }

  /** Prints the picture in letters. */
  show(): void {
    // eslint-disable-next-line no-console -- showing is what it is for
    console.log(this.toString());
  }

  /**
   * Writes the picture to a file, or offers it as a download in a browser.
   *
   * @param path - Its ending decides the form: `.svg`, `.png` or `.html`.
   * @returns The path.
   * @throws FulmineError `INVALID_OPTION` for another ending, `UNAVAILABLE` for `.png` without `@resvg/resvg-js`.
   */
  async save(path: string): Promise<string> {
    return writeFile(path, await this.#render(path));
  }

  async #render(path: string): Promise<string | Uint8Array> {
    if (path.endsWith(".svg")) return toSvg(this.data);
    if (path.endsWith(".html")) return toHtml(this.data);
    if (path.endsWith(".png")) return toPng(this.data);
    throw new FulmineError("INVALID_OPTION", "A figure can be saved as .svg, .png or .html.", {
      received: path,
    });
  }
}
