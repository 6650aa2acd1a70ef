import type { UnsortedSegmentSumAttrs, UnsortedSegmentSumInputs } from "@tensorflow/tfjs-core";
import { kernelRepair } from "../kernelRepair.js";

/** Adds up the rows that have the same segment number: the gradient of gathering, and so of an embedding. */
export const unsortedSegmentSum = kernelRepair<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(
  "UnsortedSegmentSum",
  "missing",
  ({ x, segmentIds }, { numSegments }, scope) => {
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const result = scope.makeZeros([numSegments, ...rowShape]);
    const [sums, values, ids] = [scope.values(result), scope.values(x), scope.values(segmentIds)];
    const width = rowShape.reduce((product, size) => product * size, 1);
    ids.forEach((id, row) => {
      // As in TensorFlow, a row with a number that is no segment's belongs to none.
      if (id < 0 || id >= numSegments) return;
      for (let from = row * width, to = id * width, end = to + width; to < end; from++, to++) {
        sums[to] = (sums[to] ?? 0) + (values[from] ?? 0);
      }
    });
    return result;
  },
);
