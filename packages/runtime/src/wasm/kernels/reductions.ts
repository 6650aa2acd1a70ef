import {
  util,
  type SumAttrs,
  type SumInputs,
  type UnsortedSegmentSumAttrs,
  type UnsortedSegmentSumInputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair } from "./kernelRepair.js";

/**
 * Sums over the first axes, e.g. over the batch in the gradient of a bias, without a transposition. tfjs's own kernel
 * transposes the tensor first.
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

/** Adds the rows with the same segment number: the gradient of a gather, e.g. of an embedding. */
export const unsortedSegmentSum = kernelRepair<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(
  "UnsortedSegmentSum",
  "missing",
  ({ x, segmentIds }, { numSegments }, scope) => {
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const result = scope.makeZeros([numSegments, ...rowShape]);
    const [sums, values, ids] = [scope.values(result), scope.values(x), scope.values(segmentIds)];
    const width = rowShape.reduce((product, size) => product * size, 1);
    ids.forEach((id, row) => {
      // As in TensorFlow, a row with an invalid segment number is ignored.
      if (id < 0 || id >= numSegments) return;
      for (let from = row * width, to = id * width, end = to + width; to < end; from++, to++) {
        sums[to] = (sums[to] ?? 0) + (values[from] ?? 0);
      }
    });
    return result;
  },
);
