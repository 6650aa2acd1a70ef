import { consoleDisplay } from "@fulmine/core";
import { loadResvg, type Resvg } from "#platform";
import { checkDrawing } from "../options/checkDrawing.js";
import type { PngOptions, SvgOptions } from "../options/drawingOptions.js";

/** Sans-serif fonts of common systems, in order of preference. */
const FONTS = ["Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"];

/**
 * Draws an SVG as a PNG image, with the optional package `@resvg/resvg-js`.
 *
 * @param draw - Draws the SVG.
 * @returns The bytes of the file.
 * @throws FulmineError `UNAVAILABLE` if the package is not installed or has no build for this machine, and in browsers.
 */
export async function pngOf(
  draw: (options: SvgOptions) => string,
  options: PngOptions = {},
): Promise<Uint8Array> {
  checkDrawing("toPng", options, ["width", "height", "theme", "scale", "warn"], ["light", "dark"]);
  const { scale = 2, warn = (text: string) => consoleDisplay().warn(text), ...svgOptions } = options;
  const Resvg = await loadResvg();
  if (textWidthIn(Resvg, "") === 0) {
    warn(
      "This machine has no fonts, so the PNG has no text. Save the figure as SVG, which uses the fonts of its viewer.",
    );
  }
  const font = findFont(Resvg);
  const picture = new Resvg(draw(svgOptions), {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: true, ...(font === undefined ? {} : { defaultFontFamily: font }) },
  });
  return picture.render().asPng();
}

/**
 * The font to draw with. By default resvg tries only the first family of a list and then falls back to any font, often one
 * with serifs and without a bold style.
 */
function findFont(Resvg: Resvg): string | undefined {
  // Text in a missing font has the width of the fallback font.
  const fallback = textWidthIn(Resvg, "no such font");
  return FONTS.find((font) => textWidthIn(Resvg, font) !== fallback);
}

/** The width of a sample text in a font; 0 if nothing is drawn. */
function textWidthIn(Resvg: Resvg, font: string): number {
  const probe = `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="15" font-family="${font}">lr 3.2e-3</text></svg>`;
  return new Resvg(probe, { font: { loadSystemFonts: true } }).getBBox()?.width ?? 0;
}
