/**
 * A learning rate as people write it, short and fit to be pasted into code: `0.02`, `3.2e-3`, `1e-7`.
 *
 * @param digits - significant digits, without zeros at the end.
 */
export function formatRate(lr: number, digits = 2): string {
  if (!Number.isFinite(lr)) return String(lr);
  const rounded = Number(lr.toPrecision(digits));
  const size = Math.abs(rounded);
  const isPlain = size === 0 || (size >= 0.01 && size < 1e4);
  return isPlain ? String(rounded) : rounded.toExponential().replace("e+", "e");
}
