import { format } from "d3-format";

/**
 * A learning rate as short text that is also valid code: `0.02`, `3.2e-3`, `1e-7`.
 *
 * @param digits - The number of significant digits; trailing zeros are dropped.
 */
export function formatRate(lr: number, digits = 2): string {
  if (!Number.isFinite(lr)) return String(lr);
  const rounded = Number(lr.toPrecision(digits));
  const size = Math.abs(rounded);
  const isPlain = size === 0 || (size >= 0.01 && size < 1e4);
  return isPlain ? String(rounded) : rounded.toExponential().replace("e+", "e");
}

/**
 * A loss or a metric as short text, with an exponent if it is very large or very small.
 *
 * @param digits - The number of significant digits; trailing zeros are dropped.
 */
export function formatLoss(loss: number, digits = 4): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? "NaN" : loss > 0 ? "∞" : "−∞";
  const size = Math.abs(loss);
  const isPlain = size === 0 || (size >= 1e-3 && size < 1e5);
  return isPlain ? format(`.${digits}~r`)(loss) : format(`.${digits - 1}~e`)(loss).replace("e+", "e");
}

/** A whole number with separators: `12,000`. */
export function formatCount(count: number): string {
  return format(",")(count);
}
