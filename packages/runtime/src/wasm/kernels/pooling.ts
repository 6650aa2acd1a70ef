import {
  backend_util,
  type MaxPool3DGradAttrs,
  type MaxPool3DGradInputs,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type TensorInfo,
  type MaxPool3DAttrs,
  type MaxPool3DInputs,
  type AvgPool3DGradAttrs,
  type AvgPool3DGradInputs,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
} from "@tensorflow/tfjs-core";
import { type KernelScope, kernelRepair, type Given } from "./kernelRepair.js";
import { forEachTap, windowsOf, type Windows } from "./windows.js";

/** The gradient of max pooling. tfjs's own kernel is wrong for a window without positive values. */
export const maxPoolGrad = kernelRepair<MaxPoolGradInputs, MaxPoolGradAttrs>(
  "MaxPoolGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toLargest(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** The gradient of three-dimensional max pooling. tfjs's own kernel is wrong for a window without positive values. */
export const maxPool3dGrad = kernelRepair<MaxPool3DGradInputs, MaxPool3DGradAttrs>(
  "MaxPool3DGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toLargest(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** Adds the gradient of each window to its largest value; of several equal values, to the first. */
function toLargest(
  { dy, input, output }: Given<MaxPoolGradInputs>,
  windows: Windows,
  channels: number,
  scope: KernelScope,
): TensorInfo {
  const dx = scope.makeZeros(input.shape);
  const [dxs, dys, xs, ys] = [scope.values(dx), scope.values(dy), scope.values(input), scope.values(output)];
  const isFound = new Uint8Array(ys.length);
  forEachTap(windows, (from, to) => {
    for (let x = from * channels, y = to * channels, end = y + channels; y < end; x++, y++) {
      if (xs[x] !== ys[y] || isFound[y] === 1) continue;
      isFound[y] = 1;
      dxs[x] = (dxs[x] ?? 0) + (dys[y] ?? 0);
    }
  });
  return dx;
}

/** Three-dimensional max pooling. tfjs's own kernel returns nearly zero for a window without positive values. */
export const maxPool3d = kernelRepair<MaxPool3DInputs, MaxPool3DAttrs>(
  "MaxPool3D",
  "wrong",
  ({ x }, attrs, scope) => {
    const { filterSize, strides, pad, dimRoundingMode, dataFormat } = attrs;
    const shape = x.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(
      shape,
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
      dataFormat,
    );
    if (info.dataFormat !== "channelsLast") return scope.runStock({ x }, { ...attrs });
    const channels = info.inChannels;
    const result = scope.make(info.outShape);
    const [xs, largest] = [scope.values(x), scope.values(result).fill(Number.NEGATIVE_INFINITY)];
    forEachTap(windowsOf(info), (from, to) => {
      for (let at = from * channels, y = to * channels, end = y + channels; y < end; at++, y++) {
        largest[y] = Math.max(largest[y] ?? 0, xs[at] ?? 0);
      }
    });
    return result;
  },
);

/**
 * The gradient of average pooling. The forward pass divides by the number of pixels of a window that are not padding. tfjs's
 * own kernels, on the cpu backend too, divide by the full size of the window.
 */
export const avgPoolGrad = kernelRepair<AvgPoolGradInputs, AvgPoolGradAttrs>(
  "AvgPoolGrad",
  "wrong",
  (inputs, { filterSize, strides, pad }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
    return toAll(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** The gradient of three-dimensional average pooling; see {@link avgPoolGrad}. */
export const avgPool3dGrad = kernelRepair<AvgPool3DGradInputs, AvgPool3DGradAttrs>(
  "AvgPool3DGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toAll(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** Distributes the gradient of each window equally to its values. */
function toAll(
  { dy, input }: Given<AvgPoolGradInputs>,
  windows: Windows,
  channels: number,
  scope: KernelScope,
): TensorInfo {
  const dx = scope.makeZeros(input.shape);
  const [dxs, dys] = [scope.values(dx), scope.values(dy)];
  const counts = new Uint32Array(dys.length / channels);
  forEachTap(windows, (_, to) => {
    counts[to] = (counts[to] ?? 0) + 1;
  });
  forEachTap(windows, (from, to) => {
    const count = counts[to] ?? 1;
    for (let x = from * channels, y = to * channels, end = y + channels; y < end; x++, y++) {
      dxs[x] = (dxs[x] ?? 0) + (dys[y] ?? 0) / count;
    }
  });
  return dx;
}
