import type { Optimizer } from "./optimizer.js";
import { momentumOf } from "./paramGroup.js";

/**
 * The learning rates of optimizers by name: `lr-adam`; with several parameter groups `lr-adam/pg1`, `lr-adam/pg2`; and
 * `lr-adam-1` for a second optimizer of the same name.
 *
 * @param options - `logMomentum`: whether the momenta are included, as `lr-adam-momentum`.
 */
export function learningRates(
  optimizers: readonly Optimizer[],
  { logMomentum = false }: { readonly logMomentum?: boolean } = {},
): Readonly<Record<string, number>> {
  const entries = optimizers.flatMap((optimizer, index) => {
    const earlier = optimizers.slice(0, index).filter(({ name }) => name === optimizer.name).length;
    return ratesOf(optimizer, `lr-${optimizer.name}${earlier === 0 ? "" : `-${earlier}`}`, logMomentum);
  });
  return Object.fromEntries(entries);
}

function ratesOf(
  { paramGroups }: Optimizer,
  name: string,
  logMomentum: boolean,
): (readonly [name: string, value: number])[] {
  return paramGroups.flatMap((group, index) => {
    const key = paramGroups.length === 1 ? name : `${name}/pg${index + 1}`;
    const momentum = logMomentum ? momentumOf(group) : undefined;
    return [[key, group.lr], ...(momentum === undefined ? [] : [[`${key}-momentum`, momentum] as const])];
  });
}
