import { FulmineError } from "@fulmine/core";
import type { Resvg } from "./loadResvg.node.js";

export type { Resvg };

/** In a browser there is none: naming the package here would have bundlers look into its native parts. */
export function loadResvg(): Promise<Resvg> {
  return Promise.reject(
    new FulmineError("UNAVAILABLE", "A PNG can't be drawn in a browser.", {
      todo: "Save the figure as SVG or HTML.",
    }),
  );
}
