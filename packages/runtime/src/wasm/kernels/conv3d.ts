import {
  backend_util,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropFilterV2Inputs,
  type Conv3DBackpropInputV2Attrs,
  type Conv3DBackpropInputV2Inputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair } from "./kernelRepair.js";
import { forEachTap, windowsOf } from "./windows.js";

/**
 * The gradient of a three-dimensional convolution with respect to its filter. tfjs's own kernel is wrong for strides above 1.
 */
export const conv3dBackpropFilter = kernelRepair<Conv3DBackpropFilterV2Inputs, Conv3DBackpropFilterV2Attrs>(
  "Conv3DBackpropFilterV2",
  "wrong",
  ({ x, dy }, { strides, pad, filterShape }, scope) => {
    const shape = x.shape as [number, number, number, number, number];
    const info = backend_util.computeConv3DInfo(shape, filterShape, strides, 1, pad);
    const { inChannels, outChannels } = info;
    const result = scope.make(filterShape);
    const [xs, dys] = [scope.values(x), scope.values(dy)];
    // A sum over batch and pixels has too many terms for 32-bit floats.
    const sums = new Float64Array(filterShape.reduce((product, size) => product * size));
    forEachTap(windowsOf(info), (from, to, tap) => {
      for (let channel = 0; channel < inChannels; channel++) {
        const value = xs[from * inChannels + channel] ?? 0;
        let at = (tap * inChannels + channel) * outChannels;
        for (let y = to * outChannels, end = y + outChannels; y < end; y++, at++) {
          sums[at] = (sums[at] ?? 0) + value * (dys[y] ?? 0);
        }
      }
    });
    scope.values(result).set(sums);
    return result;
  },
);

/** The gradient of a three-dimensional convolution with respect to its input. tfjs's own kernel is wrong. */
export const conv3dBackpropInput = kernelRepair<Conv3DBackpropInputV2Inputs, Conv3DBackpropInputV2Attrs>(
  "Conv3DBackpropInputV2",
  "wrong",
  ({ dy, filter }, { strides, pad, inputShape }, scope) => {
    const shape = filter.shape as [number, number, number, number, number];
    const info = backend_util.computeConv3DInfo(inputShape, shape, strides, 1, pad);
    const { inChannels, outChannels } = info;
    const dx = scope.makeZeros(inputShape);
    const [dxs, dys, weights] = [scope.values(dx), scope.values(dy), scope.values(filter)];
    forEachTap(windowsOf(info), (to, from, tap) => {
      for (let channel = 0; channel < inChannels; channel++) {
        let sum = 0;
        let at = (tap * inChannels + channel) * outChannels;
        for (let y = from * outChannels, end = y + outChannels; y < end; y++, at++) {
          sum += (weights[at] ?? 0) * (dys[y] ?? 0);
        }
        const x = to * inChannels + channel;
        dxs[x] = (dxs[x] ?? 0) + sum;
      }
    });
    return dx;
  },
);
