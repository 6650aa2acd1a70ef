import { util, type SumAttrs, type SumInputs } from "@tensorflow/tfjs-core";
import { kernelRepair } from "../kernelRepair.js";

/**
 * Sums over the first axes, such as the batch in a bias's gradient, where the values are; tfjs's own transposes them
 * all first.
 */
export const sum = kernelRepair<SumInputs, SumAttrs>("Sum", "slow", ({ x }, { axis, keepDims }, scope) => {
  const axes = util.parseAxisParam(axis, x.shape);
  const isLeading = axes.length < x.shape.length && [...axes].sort().every((value, index) => value === index);
  if (x.dtype !== "float32" || axes.length === 0 || !isLeading)
    return scope.runStock({ x }, { axis, keepDims });
  const kept = x.shape.slice(axes.length);
  const result = scope.make(keepDims ? [...axes.map(() => 1), ...kept] : kept);
  const [values, width] = [scope.values(x), util.sizeFromShape(kept)];
  const sums = new Float64Array(width);
  for (let row = 0; row < values.length; row += width) {
    for (let column = 0; column < width; column++) {
      sums[column] = (sums[column] ?? 0) + (values[row + column] ?? 0);
    }
  }
  scope.values(result).set(sums);
  return result;
});
