import { FulmineError } from "@fulmine/core";
import { showFile, writeFile } from "#platform";
import { checkOption } from "./options/checkOptions.js";
import type { HtmlOptions, PngOptions, SvgOptions, TerminalOptions } from "./options/drawingOptions.js";
import { pngOf } from "./png/pngOf.js";

/** The method that Jupyter kernels for JavaScript call to display a value. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** What a notebook shows of a figure, by MIME type. */
export interface MimeBundle {
  readonly "image/svg+xml": string;
  readonly "text/plain": string;
}

/** A figure, for output in several formats. Jupyter kernels for JavaScript display it by themselves. */
export abstract class Figure {
  /** What `show` prints before the path. */
  protected abstract readonly caption: string;
  /** The name of the file that `show` writes, without its extension. */
  protected abstract readonly fileName: string;

  /** The figure as text for a terminal. */
  abstract toString(options?: TerminalOptions): string;

  /** The figure as SVG; the result is the same in Node and in browsers. */
  abstract toSvg(options?: SvgOptions): string;

  /** The figure as a self-contained HTML page. */
  abstract toHtml(options?: HtmlOptions): string;

  /**
   * The figure as the bytes of a PNG file.
   *
   * @throws FulmineError `UNAVAILABLE` without `@resvg/resvg-js`, and in browsers.
   */
  toPng(options: PngOptions = {}): Promise<Uint8Array> {
    return pngOf((svgOptions) => this.toSvg(svgOptions), options);
  }

  /**
   * Writes the figure to a file, prints the path, and opens the file on a machine with a desktop. Fulmine does not delete the
   * file; the system may clean up its temporary folder.
   *
   * In a browser it opens a new tab; if the browser blocks the tab, it prints the address. To see the figure in a terminal,
   * print it: `console.log(String(figure))`.
   *
   * @param path - The extension sets the format, as in {@link Figure.save}. @defaultValue an HTML file in a new folder in the
   * system's temporary folder
   * @returns The absolute path; in a browser the address of the tab.
   * @throws FulmineError as {@link Figure.save}.
   */
  async show(path?: string): Promise<string> {
    const file = path ?? `${this.fileName}.html`;
    return showFile(this.caption, file, path === undefined, await this.#render(file));
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

  /**
   * The figure for a notebook: as SVG, and as text for front ends without images.
   *
   * @hidden
   */
  [JUPYTER_DISPLAY](): MimeBundle {
    return { "image/svg+xml": this.toSvg(), "text/plain": this.toString() };
  }

  async #render(path: string): Promise<string | Uint8Array> {
    checkOption("save", "path", typeof path === "string", "must be the path of a file", path);
    if (path.endsWith(".svg")) return this.toSvg();
    if (path.endsWith(".html")) return this.toHtml();
    if (path.endsWith(".png")) return this.toPng();
    throw new FulmineError("INVALID_OPTION", "A figure can be saved as .svg, .png or .html only.", {
      received: path,
    });
  }
}
