import { oracle } from "../../../../test/support/oracle.js";
import type { Curve } from "../../src/curve/curve.js";

/** The suggestions of the peers for one curve; null if a peer suggests nothing. */
export interface PeerSuggestions {
  readonly name: string;
  readonly curve: Curve;
  readonly lightning: readonly {
    readonly skipBegin: number;
    readonly skipEnd: number;
    readonly lr: number | null;
  }[];
  readonly fastai: Readonly<Record<"minimum" | "steep" | "valley" | "slide", number | null>>;
  readonly torchLrFinder: number | null;
}

type Text = number | "NaN" | "Infinity" | "-Infinity";

interface File {
  readonly curves: readonly (Omit<PeerSuggestions, "curve"> & {
    readonly lr: readonly Text[];
    readonly loss: readonly Text[];
  })[];
}

/** Reads the peers' suggestions from the reference data. */
export function readPeerSuggestions(): PeerSuggestions[] {
  return oracle<File>("suggestions").curves.map(({ lr, loss, ...peers }) => {
    const losses = loss.map(Number);
    const stopped = losses.every(Number.isFinite) ? "finished" : "not-finite";
    // The rule of each peer reads smoothed losses.
    return {
      ...peers,
      curve: { mode: "exponential", lr: lr.map(Number), loss: losses, smoothed: losses, stopped },
    };
  });
}
