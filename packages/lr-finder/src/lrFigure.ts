import { FulmineError } from "@fulmine/core";
import { showFile } from "#showFile";
import { writeFile } from "#writeFile";
import { demand } from "./checkNames.js";
import type { FigureData } from "./figure/figureData.js";
import { toHtml } from "./figure/toHtml.js";
import { toPng, type PngOptions } from "./figure/toPng.js";
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

  /**
   * The picture as the bytes of a PNG file.
   *
   * @throws FulmineError `UNAVAILABLE` without `@resvg/resvg-js`, and in browsers.
   */
  toPng(options: PngOptions = {}): Promise<Uint8Array> {
    return toPng(this.data, options);
  }

  /**
   * Opens the picture where there is a desktop, and prints the path of its file in any case. The file is yours: nothing
   * removes it, save the system where it cleans its temporary folder up.
   *
   * In a browser it opens a new tab; where that is blocked it says so. To see it in a terminal, print it:
   * `console.log(String(figure))`.
   *
   * @param path - Its ending decides the form, as in {@link LrFigure.save}. @defaultValue a page, `learning-rate.html`, in a new
   * folder of the system's temporary folder
   * @returns The whole path; in a browser the address of the tab.
   * @throws FulmineError as {@link LrFigure.save}.
   */
  async show(path?: string): Promise<string> {
    const file = path ?? "learning-rate.html";
    return showFile(file, path !== undefined, await this.#render(file));
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
    demand("save", "path", typeof path === "string", "must be the path of a file", path);
    if (path.endsWith(".svg")) return toSvg(this.data);
    if (path.endsWith(".html")) return toHtml(this.data);
    if (path.endsWith(".png")) return toPng(this.data);
    throw new FulmineError("INVALID_OPTION", "A figure can be saved as .svg, .png or .html.", {
      received: path,
    });
  }
}
