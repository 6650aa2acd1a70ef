import { describe, expect, test } from "vitest";
import type { Curve } from "../../src/curve/curve.js";
import { minimum, slide, valley } from "../../src/rules/peers/fastai.js";
import { lightning } from "../../src/rules/peers/lightning.js";
import { steepest } from "../../src/rules/peers/torchLrFinder.js";
import type { Suggestion } from "../../src/rules/suggestion.js";
import { readPeerSuggestions } from "../support/oracle.js";

const peers = readPeerSuggestions();
const named = peers.map((peer) => [peer.name, peer] as const);

/** The peers compute in float32. */
const FLOAT32 = 1e-5;
const isSame = (a: number, b: number): boolean => Math.abs(a / b - 1) < FLOAT32;
const rungOf = (curve: Curve, lr: number): number => curve.lr.findIndex((rate) => isSame(rate, lr));
const isFlat = (curve: Curve): boolean => Math.max(...curve.loss) === Math.min(...curve.loss);
const isRising = (curve: Curve): boolean => Math.min(...curve.loss.filter(Number.isFinite)) === curve.loss[0];

/**
 * Whether a peer's pick was decided by a loss that isn't finite at that rung or beside it: `argmin` takes
 * NaN for lowest.
 */
function isFromNonFinite(curve: Curve, lr: number): boolean {
  const rung = rungOf(curve, lr);
  return curve.loss.slice(Math.max(0, rung - 1), rung + 2).some((loss) => !Number.isFinite(loss));
}

/** Whether the slopes at two rungs are equal in float32 precision. */
function isTie(curve: Curve, a: number, b: number): boolean {
  const slopesAt = (lr: number): number[] => {
    const rung = rungOf(curve, lr);
    const loss = (k: number): number => curve.loss[k] ?? NaN;
    return [loss(rung + 1) - loss(rung), loss(rung) - loss(rung - 1)].filter(Number.isFinite);
  };
  const scale = Math.max(...curve.loss.filter(Number.isFinite).map(Math.abs));
  return slopesAt(a).some((x) => slopesAt(b).some((y) => Math.abs(x - y) < 1e-6 * scale));
}

/** Expects the peer's pick, unless that pick is arbitrary. */
function expectPeersPick(curve: Curve, ours: Suggestion, peer: number | null): void {
  if (isFlat(curve)) expect(ours).toMatchObject({ lr: null, reason: "flat" });
  else if (peer === null) expect(ours.lr).toBeNull();
  else if (isRising(curve)) expect(ours).toMatchObject({ lr: null, reason: "diverged-at-once" });
  else if (ours.lr === null) expect.unreachable(`no pick (${ours.reason}) where the peer has ${peer}`);
  else if (!isSame(ours.lr, peer) && isFromNonFinite(curve, peer)) expect(ours.lr).toBeLessThan(peer);
  else
    expect(ours.lr, `the peer picks ${peer}`).toSatisfy(
      (lr: number) => isSame(lr, peer) || isTie(curve, lr, peer),
    );
}

describe.each(named)("on the curve %s", (_, { curve, ...peer }) => {
  test.each(peer.lightning)(
    "lightning picks what Lightning picks, skipping $skipBegin and $skipEnd",
    ({ lr, ...skip }) => {
      const ours = lightning(curve, skip);
      if (isFlat(curve)) expect(ours.lr).toBeNull();
      else if (lr === null) expect(ours).toMatchObject({ lr: null, reason: "too-few-points" });
      else expect(ours.lr).toSatisfy((ourLr: number) => isSame(ourLr, lr), `to be ${lr}`);
    },
  );

  test("steepest picks what torch-lr-finder picks", () => {
    expectPeersPick(curve, steepest(curve), peer.torchLrFinder);
  });

  test("steepest over forward differences picks what fastai's steep picks", () => {
    const ours = steepest(curve, { skipBegin: 0, skipEnd: 0, differences: "forward" });
    expectPeersPick(curve, ours, peer.fastai.steep);
  });

  test("valley picks what fastai's valley picks", () => {
    if (curve.lr.length < 3) expect(valley(curve)).toMatchObject({ lr: null, reason: "too-few-points" });
    else expectPeersPick(curve, valley(curve), peer.fastai.valley);
  });

  test("minimum picks what fastai's minimum picks", () => {
    const lowest = peer.fastai.minimum === null ? null : peer.fastai.minimum * 10;
    const ours = minimum(curve);
    expectPeersPick(curve, ours.lr === null ? ours : { ...ours, lr: ours.lr * 10 }, lowest);
  });

  test("slide picks what fastai's slide picks", () => {
    const ours = slide(curve);
    // fastai starts at the end of its input; a loss there that is not finite stops it at once.
    if (curve.stopped === "not-finite") expect(ours.lr).toBeLessThanOrEqual(peer.fastai.slide ?? NaN);
    else expectPeersPick(curve, ours, peer.fastai.slide);
  });
});
