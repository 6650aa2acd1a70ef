import { consoleDisplay } from "@fulmine/core";
import { loadResvg, type Resvg } from "#loadResvg";
import { checkDrawing } from "./checkDrawing.js";
import type { FigureData } from "./figureData.js";
import { toSvg, type SvgOptions } from "./toSvg.js";

/** How a PNG figure is drawn. */
export interface PngOptions extends Omit<SvgOptions, "theme"> {
  /** Its colours; a picture can't follow the reader's system. @defaultValue "light" */
  readonly theme?: "light" | "dark";
  /** Pixels of the picture for each pixel of the figure. @defaultValue 2 */
  readonly scale?: number;
  /**
   * Told when the machine has no fonts, so that the picture has no text.
   *
   * @defaultValue a warning on the console
   */
  readonly warn?: (text: string) => void;
}

/** Faces without serifs that systems come with; the first that is there is used. */
const FACES = ["Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"];

/**
 * Draws a figure as a PNG picture, with the optional package `@resvg/resvg-js`.
 *
 * @returns the bytes of the file.
 * @throws FulmineError `UNAVAILABLE` when that package isn't installed or has no build for this machine, and in browsers.
 */
export async function toPng(data: FigureData, options: PngOptions = {}): Promise<Uint8Array> {
  checkDrawing("toPng", options, ["width", "height", "theme", "scale", "warn"], ["light", "dark"]);
  const { scale = 2, warn = (text: string) => consoleDisplay().warn(text), ...svgOptions } = options;
  const Resvg = await loadResvg();
  if (faceWidth(Resvg, "") === 0) {
    warn(
      "No font was found on this machine, so the PNG has no text. The SVG is drawn with its reader's fonts.",
    );
  }
  const face = findFace(Resvg);
  const picture = new Resvg(toSvg(data, svgOptions), {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: true, ...(face === undefined ? {} : { defaultFontFamily: face }) },
  });
  return picture.render().asPng();
}

/**
 * A face to draw with. Left alone, resvg looks at the first family of a list only and then takes any face,
 * mostly one with serifs and without a bold cut.
 */
function findFace(Resvg: Resvg): string | undefined {
  // A face that isn't there is drawn in that fallback, so its text has the fallback's width.
  const fallback = faceWidth(Resvg, "no such face");
  return FACES.find((face) => faceWidth(Resvg, face) !== fallback);
}

/** The width of a text in a face, 0 where nothing is drawn. */
function faceWidth(Resvg: Resvg, face: string): number {
  const probe = `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="15" font-family="${face}">lr 3.2e-3</text></svg>`;
  return new Resvg(probe, { font: { loadSystemFonts: true } }).getBBox()?.width ?? 0;
}
