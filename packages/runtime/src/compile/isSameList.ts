/** Whether two lists have the same items in the same order, told apart as `Object.is` does: NaN is NaN, and 0 is not -0. */
export function isSameList(one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!Object.is(one[index], other[index])) return false;
  return true;
}
