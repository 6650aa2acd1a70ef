/** Whether two lists have the same items in the same order, by `Object.is`: NaN equals NaN, 0 differs from -0. */
export function isSameList(one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!Object.is(one[index], other[index])) return false;
  return true;
}
