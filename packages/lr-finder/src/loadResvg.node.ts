import { FulmineError } from "@fulmine/core";
import type { Resvg as ResvgClass } from "@resvg/resvg-js";

/** What draws pictures. */
export type Resvg = typeof ResvgClass;

/** Loads the optional package that draws pictures. */
export async function loadResvg(): Promise<Resvg> {
  try {
    return (await import("@resvg/resvg-js")).Resvg;
  } catch (cause) {
    throw new FulmineError(
      "UNAVAILABLE",
      "A PNG is drawn by the package `@resvg/resvg-js`, which could not be loaded.",
      { todo: "Run `npm install @resvg/resvg-js`, or save the figure as SVG or HTML.", cause },
    );
  }
}
