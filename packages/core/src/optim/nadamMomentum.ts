/** NAdam's momentum at a step, and the product of all momenta up to it. */
export interface NadamMomentum {
  readonly momentum: number;
  readonly product: number;
}

/**
 * The momentum of NAdam at a step counted from 1, `β1 · (1 − 0.5 · 0.96^(step · decay))`, and the product of the momenta
 * up to that step (Dozat 2016).
 *
 * The product is split into `β1^step` and a product that depends on `decay` alone, whose prefixes are remembered, so that
 * a step costs O(1) amortised.
 */
export function nadamMomentum(beta1: number, decay: number, step: number): NadamMomentum {
  const power = beta1 ** step;
  // Below this, 1 − product is 1 in float64 whatever the rest is, so that what is remembered stays short.
  const product = power < Number.EPSILON / 4 ? 0 : power * dampingProduct(decay, step);
  return { momentum: beta1 * damping(decay, step), product };
}

function damping(decay: number, step: number): number {
  return 1 - 0.5 * 0.96 ** (step * decay);
}

const prefixes = new Map<number, number[]>();

/** The product of the dampings of steps 1 to `step`. */
function dampingProduct(decay: number, step: number): number {
  const products = prefixes.get(decay) ?? [1];
  prefixes.set(decay, products);
  for (let at = products.length; at <= step; at++)
    products.push((products[at - 1] ?? 1) * damping(decay, at));
  return products[step] ?? 0;
}
