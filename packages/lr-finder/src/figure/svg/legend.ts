import { overlayRole, type LegendEntry } from "@fulmine/figure/plugin";
import { drawnTrials, type FigureData } from "../figureData.js";

/** The legend of a figure. */
export function legendOf(data: FigureData): LegendEntry[] {
  const { curve, suggestion, overlay = [], label = "this sweep" } = data;
  const range = suggestion?.range;
  const { valLoss, band, stopped } = curve;
  const isAlone = overlay.length === 0;
  const own: LegendEntry[] = isAlone
    ? [
        { role: "raw", label: "measured", mark: "thin" },
        { role: "smoothed", label: valLoss === undefined ? "smoothed" : "training", mark: "bold" },
        ...(valLoss === undefined ? [] : [{ role: "heldOut", label: "held out", mark: "bold" } as const]),
      ]
    : [{ role: "smoothed", label, mark: "bold" }];
  return [
    ...own,
    ...overlay.map((other, i) => ({ role: overlayRole(i), label: other.label, mark: "bold" }) as const),
    ...(band === undefined ? [] : [{ role: "band", label: `${band.sweeps} sweeps`, mark: "area" } as const]),
    ...(drawnTrials(data).length === 0 ? [] : [{ role: "text", label: "trials", mark: "ring" } as const]),
    ...(range && range[0] < range[1] ? [{ role: "range", label: "usable", mark: "area" } as const] : []),
    ...(stopped === "finished" || !isAlone
      ? []
      : [{ role: "stop", label: "stopped", mark: "dashes" } as const]),
  ];
}
