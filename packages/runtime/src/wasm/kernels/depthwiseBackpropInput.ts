import {
  backend_util,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type DepthwiseConv2dNativeBackpropInputInputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair } from "../kernelRepair.js";
import { forEachTap, windowsOf } from "../windows.js";

/** The gradient of a depthwise convolution with respect to its input. */
export const depthwiseBackpropInput = kernelRepair<
  DepthwiseConv2dNativeBackpropInputInputs,
  DepthwiseConv2dNativeBackpropInputAttrs
>(
  "DepthwiseConv2dNativeBackpropInput",
  "missing",
  ({ dy, filter }, { strides, dilations, pad, dimRoundingMode, inputShape }, scope) => {
    const shape = filter.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(
      inputShape,
      shape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
    const { inChannels, outChannels } = info;
    const multiplier = outChannels / inChannels;
    const dx = scope.makeZeros(inputShape);
    const [dxs, dys, weights] = [scope.values(dx), scope.values(dy), scope.values(filter)];
    forEachTap(windowsOf(info), (to, from, tap) => {
      for (let channel = 0; channel < outChannels; channel++) {
        const at = to * inChannels + Math.trunc(channel / multiplier);
        const weight = weights[tap * outChannels + channel] ?? 0;
        dxs[at] = (dxs[at] ?? 0) + weight * (dys[from * outChannels + channel] ?? 0);
      }
    });
    return dx;
  },
);
