import {
  backend_util,
  type Conv2DBackpropInputAttrs,
  type Conv2DBackpropInputInputs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { kernelRepair, type KernelScope } from "./kernelRepair.js";

/**
 * The gradient of a convolution with respect to its input (a transposed convolution is the same), by convolutions of
 * the output's gradient, at which wasm is some ten times faster than at tfjs's own kernel.
 *
 * With a stride of `s` the input's rows fall into `s` classes, and so do its columns. Each class meets its own taps of
 * the filter, and a convolution with those in reverse gives all of it.
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

/** Every `stride`-th row (or column) of the input. */
interface PixelClass {
  readonly stride: number;
  /** The filter's taps that they meet, last one first. */
  readonly taps: readonly number[];
  /** How many zeros belong on either side of the output's gradient. */
  readonly pad: readonly [number, number];
  /** Where in the input the convolution's first result belongs; a few may lie outside. */
  readonly first: number;
  /** How many results the convolution has. */
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
  // Tap `offset + stride · i` of window `w` lies on pixel `stride · (w + i) + offset - padding`.
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
  const turned = scope.make([row.taps.length, column.taps.length, outChannels, inChannels]);
  const [from, to] = [scope.values(filter), scope.values(turned)];
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
  return scope.run("Conv2D", { x: dy, filter: turned }, attrs);
}

/** Writes a class's values to its pixels. */
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
