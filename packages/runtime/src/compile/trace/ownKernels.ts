import * as tfjsCore from "@tensorflow/tfjs-core";

/** The names of the kernels that tfjs-core knows. */
const names = new Set<unknown>(Object.values(tfjsCore).filter((value) => typeof value === "string"));

/** Kernels whose output shapes depend on the values of their inputs. */
const DYNAMIC =
  /^(Unique|Where|NonMaxSuppressionV\d|Sparse(FillEmptyRows|Reshape|SegmentMean|SegmentSum)|Ragged\w+|String\w+)$/;

/** Gets the reason why a graph can't contain a kernel; `null` when there is none. */
export function kernelBreak(name: string): string | null {
  if (!names.has(name)) return `it uses the kernel ${name}, which is not one of TensorFlow.js's own`;
  return DYNAMIC.test(name) ? `it uses ${name}, which gives a shape that depends on values` : null;
}
