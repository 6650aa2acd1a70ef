import {
  backend_util,
  type AvgPool3DGradAttrs,
  type AvgPool3DGradInputs,
  type AvgPoolGradAttrs,
  type AvgPoolGradInputs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { KernelScope } from "../kernelScope.js";
import { kernelRepair, type Given } from "../kernelRepair.js";
import { forEachTap, windowsOf, type Windows } from "../windows.js";

/**
 * The gradient of average pooling. tfjs's own (that of its cpu backend too) divides by a window's size even where the
 * forward pass has divided by less, because part of the window lies in the padding.
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

/** The same in three dimensions. */
export const avgPool3dGrad = kernelRepair<AvgPool3DGradInputs, AvgPool3DGradAttrs>(
  "AvgPool3DGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toAll(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** Hands each window's gradient to all its values in equal parts. */
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
