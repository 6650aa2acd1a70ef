/** The least of some numbers, however many; `Infinity` for none, NaN where one is NaN. */
export function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

/** The greatest of some numbers, however many; `-Infinity` for none, NaN where one is NaN. */
export function greatestOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
}
