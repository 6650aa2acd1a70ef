import type { PngOptions } from "@fulmine/figure";
import { pngOf } from "@fulmine/figure/plugin";
import type { FigureData } from "./figureData.js";
import { toSvg } from "./svg/toSvg.js";

/**
 * Draws a figure as a PNG image, with the optional package `@resvg/resvg-js`.
 *
 * @returns The bytes of the file.
 * @throws FulmineError `UNAVAILABLE` if the package is not installed or has no build for this machine, and in browsers.
 */
export function toPng(data: FigureData, options: PngOptions = {}): Promise<Uint8Array> {
  return pngOf((svgOptions) => toSvg(data, svgOptions), options);
}
