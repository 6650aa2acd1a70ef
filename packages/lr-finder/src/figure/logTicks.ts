/** The ticks of a logarithmic axis. */
export interface LogTicks {
  /** Where labels stand: whole decades, or 1, 2 and 5 of each where the axis is short. */
  readonly major: readonly number[];
  /** Small marks between them. */
  readonly minor: readonly number[];
}

/**
 * Ticks between two rates.
 *
 * @param room - how many labels fit.
 */
export function logTicks(low: number, high: number, room: number): LogTicks {
  // Rounding must not lose a decade that is an end of the axis.
  const within = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const multiples = (factors: readonly number[]): number[] =>
    exponents.flatMap((exponent) => factors.map((factor) => Number(`${factor}e${exponent}`))).filter(within);

  const decades = multiples([1]);
  const every = Math.max(1, Math.ceil(decades.length / Math.max(1, room)));
  if (decades.length > 2 || every > 1) {
    // Counting from the exponent 0 keeps the labels where they are when a curve grows.
    const major = decades.filter((value) => Math.round(Math.log10(value)) % every === 0);
    const minor = every > 1 ? decades : multiples([2, 3, 4, 5, 6, 7, 8, 9]);
    return { major, minor: minor.filter((value) => !major.includes(value)) };
  }
  const minor = multiples([2, 3, 4, 5, 6, 7, 8, 9]);
  const major = [[1, 2, 5], [1, 3], [1]].map(multiples).find((ticks) => ticks.length <= room) ?? decades;
  return { major, minor: minor.filter((value) => !major.includes(value)) };
}
