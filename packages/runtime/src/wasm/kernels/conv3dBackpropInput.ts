import {
  backend_util,
  type Conv3DBackpropInputV2Attrs,
  type Conv3DBackpropInputV2Inputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair } from "../kernelRepair.js";
import { forEachTap, windowsOf } from "../windows.js";

/** The gradient of a convolution in three dimensions with respect to its input; tfjs's own gives other numbers. */
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
