/**
 * Whether a count that has grown from `before` to `now` has reached a multiple of `every`. Steps need not come one by one: a
 * batch takes several when its module optimizes manually.
 */
export function passesMultiple(before: number, now: number, every: number): boolean {
  return Math.floor(now / every) > Math.floor(before / every);
}
