import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  type Conv2DBackpropInputInputs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { kernelRepair, type KernelScope } from "./kernelRepair.js";

/**
 * The gradient of a convolution with respect to its input, which is also a transposed convolution. It convolves the
 * gradient of the output, which is about ten times faster in wasm than tfjs's own kernel.
 *
 * A stride of `s` divides the rows of the input into `s` classes, and likewise its columns. Only some taps of the filter
 * reach the pixels of a class. A convolution with these taps in reverse order gives the gradient of the class.
 */
export const conv2dBackpropInput = kernelRepair<Conv2DBackpropInputInputs, Conv2DBackpropInputAttrs>(
  "Conv2DBackpropInput",
  "slow",
  ({ dy, filter }, attrs, scope) => {
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs;
    if (dataFormat !== "NHWC") return scope.runStock({ dy, filter }, { ...attrs });
    const shape = filter.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(inputShape, shape, strides, 1, pad, dimRoundingMode);
    const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth } = info;
    const { top, left } = info.padInfo;
    const rows = classesOf(info.strideHeight, filterHeight, top, inHeight, outHeight);
    const columns = classesOf(info.strideWidth, filterWidth, left, inWidth, outWidth);
    const parts = rows.flatMap((row) =>
      columns.map((column) => ({ row, column, values: convolve(dy, filter, row, column, scope) })),
    );
    const whole = parts.find(({ row, column }) => isWhole(row, inHeight) && isWhole(column, inWidth));
    if (whole !== undefined) return whole.values;
    const dx = scope.makeZeros(inputShape);
    for (const { row, column, values } of parts) scatter(values, row, column, dx, scope);
    return dx;
  },
);

/** A class of rows or columns of the input: every `stride`-th one. */
interface PixelClass {
  readonly stride: number;
  /** The taps of the filter that reach the class, in reverse order. */
  readonly taps: readonly number[];
  /** The number of zeros to pad the gradient of the output with, on each side. */
  readonly pad: readonly [number, number];
  /** The position in the input of the convolution's first result; some positions may be outside the input. */
  readonly first: number;
  /** The number of results of the convolution. */
  readonly count: number;
}

function classesOf(
  stride: number,
  filterSize: number,
  padding: number,
  inSize: number,
  outSize: number,
): PixelClass[] {
  const classes: PixelClass[] = [];
  // Tap `offset + stride · i` of window `w` is at pixel `stride · (w + i) + offset - padding`.
  for (let offset = 0; offset < Math.min(stride, filterSize); offset++) {
    const taps: number[] = [];
    for (let tap = offset; tap < filterSize; tap += stride) taps.unshift(tap);
    const spread = taps.length - 1;
    const start = Math.max(0, Math.ceil((padding - offset) / stride));
    const end = Math.floor((inSize - 1 + padding - offset) / stride);
    if (end < start) continue;
    const skipped = Math.min(start, spread);
    const after = Math.min(Math.max(0, end - outSize + 1), spread);
    classes.push({
      stride,
      taps,
      pad: [spread - skipped, after],
      first: stride * skipped + offset - padding,
      count: outSize + after - skipped,
    });
  }
  return classes;
}

function isWhole({ stride, first, count }: PixelClass, size: number): boolean {
  return stride === 1 && first === 0 && count === size;
}

function convolve(
  dy: TensorInfo,
  filter: TensorInfo,
  row: PixelClass,
  column: PixelClass,
  scope: KernelScope,
): TensorInfo {
  const [, width = 0, inChannels = 0, outChannels = 0] = filter.shape;
  const reversed = scope.make([row.taps.length, column.taps.length, outChannels, inChannels]);
  const [from, to] = [scope.values(filter), scope.values(reversed)];
  let at = 0;
  for (const tapRow of row.taps) {
    for (const tapColumn of column.taps) {
      const tap = (tapRow * width + tapColumn) * inChannels * outChannels;
      for (let output = 0; output < outChannels; output++) {
        for (let input = 0; input < inChannels; input++)
          to[at++] = from[tap + input * outChannels + output] ?? 0;
      }
    }
  }
  const pad = [[0, 0], [...row.pad], [...column.pad], [0, 0]];
  const attrs = { strides: [1, 1], dilations: [1, 1], pad, dataFormat: "NHWC" };
  return scope.run("Conv2D", { x: dy, filter: reversed }, attrs);
}

/** Writes the values of a class to its pixels. */
function scatter(
  values: TensorInfo,
  row: PixelClass,
  column: PixelClass,
  dx: TensorInfo,
  scope: KernelScope,
): void {
  const [batch = 0, height = 0, width = 0, channels = 0] = dx.shape;
  const [from, to] = [scope.values(values), scope.values(dx)];
  let at = 0;
  for (let image = 0; image < batch; image++) {
    for (let i = 0; i < row.count; i++) {
      const y = row.first + i * row.stride;
      for (let j = 0; j < column.count; j++, at += channels) {
        const x = column.first + j * column.stride;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const pixel = ((image * height + y) * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) to[pixel + channel] = from[at + channel] ?? 0;
      }
    }
  }
}
