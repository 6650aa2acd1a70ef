import {
  backend_util,
  type MaxPool3DGradAttrs,
  type MaxPool3DGradInputs,
  type MaxPoolGradAttrs,
  type MaxPoolGradInputs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { KernelScope } from "../kernelScope.js";
import { kernelRepair, type Given } from "../kernelRepair.js";
import { forEachTap, windowsOf, type Windows } from "../windows.js";

/** The gradient of max pooling; tfjs's own is wrong for a window that has no positive value. */
export const maxPoolGrad = kernelRepair<MaxPoolGradInputs, MaxPoolGradAttrs>(
  "MaxPoolGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toLargest(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** The same in three dimensions. */
export const maxPool3dGrad = kernelRepair<MaxPool3DGradInputs, MaxPool3DGradAttrs>(
  "MaxPool3DGrad",
  "wrong",
  (inputs, { filterSize, strides, pad, dimRoundingMode }, scope) => {
    const shape = inputs.input.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return toLargest(inputs, windowsOf(info), info.inChannels, scope);
  },
);

/** Hands each window's gradient to its largest value, the first one where several are equal. */
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
