import { format } from "d3-format";

/**
 * A loss in few digits; very large and very small ones in exponent form.
 *
 * @param digits - significant digits, without zeros at the end.
 */
export function formatLoss(loss: number, digits = 4): string {
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? "NaN" : loss > 0 ? "∞" : "−∞";
  const size = Math.abs(loss);
  const isPlain = size === 0 || (size >= 1e-3 && size < 1e5);
  return isPlain ? format(`.${digits}~r`)(loss) : format(`.${digits - 1}~e`)(loss).replace("e+", "e");
}
