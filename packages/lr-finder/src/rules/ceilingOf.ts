import type { Optimizer } from "@fulmine/core";

/** The optimizers whose step moves no weight by much more than the rate, whatever its gradient. */
const BOUNDED: readonly string[] = ["adam", "adamw"];
/** Ten times the rate that Adam's authors recommend, and most libraries' default. */
const CEILING = 0.01;

/**
 * The highest rate that `auto` reads off a curve. Adam's steps are bounded by about the rate itself (Kingma and Ba 2015,
 * §2.1): a single one at ten times a good rate does little harm, and so a curve explodes late, where many such steps
 * would have done much. None for optimizers whose steps grow with the gradient.
 */
export function ceilingOf({ name }: Optimizer): { readonly ceiling?: number } {
  return BOUNDED.includes(name) ? { ceiling: CEILING } : {};
}
