import type { Curve } from "../curve.js";
import { formatRate } from "../figure/formatRate.js";
import { experienceWith } from "../rules/experience.js";
import { readRungs } from "../rules/rung.js";
import { untrainedLoss } from "../rules/untrainedLoss.js";

/** A rate that is usual lies outside a ladder when it is this many times beyond its ends: it is known no better. */
const FAR_OUT = 10 ** 0.5;

/**
 * Says that a ladder does not reach to the rate that is usual with the optimizer, and what to do; null where it does, where
 * none is known, and where trials tell more.
 */
export function usualOutside(curve: Curve): string | null {
  const { lr, stopped, optimizer, trials } = curve;
  const [low = NaN, high = NaN] = [lr[0], lr.at(-1)];
  const untrained = untrainedLoss(readRungs(curve).map(({ measured }) => measured));
  const usual = experienceWith(optimizer, untrained)?.usual;
  if (usual === undefined || trials !== undefined) return null;
  const said = `The rate that is usual with ${optimizer?.name ?? ""}, ${formatRate(usual)}, lies`;
  // A sweep that was stopped would not have come there.
  if (usual > FAR_OUT * high && stopped === "finished")
    return `${said} far above the highest rate that was swept, ${formatRate(high)}: raise \`maxLr\`.`;
  if (usual < low / FAR_OUT)
    return `${said} far below the lowest rate that was swept, ${formatRate(low)}: lower \`minLr\`.`;
  return null;
}
