import {
  backend_util,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropFilterInputs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type DepthwiseConv2dNativeBackpropInputInputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair } from "./kernelRepair.js";
import { forEachTap, windowsOf } from "./windows.js";

/** The gradient of a depthwise convolution with respect to its filter. */
export const depthwiseBackpropFilter = kernelRepair<
  DepthwiseConv2dNativeBackpropFilterInputs,
  DepthwiseConv2dNativeBackpropFilterAttrs
>("DepthwiseConv2dNativeBackpropFilter", "missing", ({ x, dy }, attrs, scope) => {
  const { filterShape } = attrs;
  const shape = x.shape as [number, number, number, number];
  const { windows, inChannels, outChannels, multiplier } = geometryOf(shape, filterShape, attrs);
  const result = scope.make(filterShape);
  const [xs, dys] = [scope.values(x), scope.values(dy)];
  // A sum over batch, rows and columns has too many terms for 32-bit floats.
  const sums = new Float64Array(filterShape[0] * filterShape[1] * outChannels);
  forEachTap(windows, (from, to, tap) => {
    for (let channel = 0; channel < outChannels; channel++) {
      const at = tap * outChannels + channel;
      const value = xs[from * inChannels + Math.trunc(channel / multiplier)] ?? 0;
      sums[at] = (sums[at] ?? 0) + value * (dys[to * outChannels + channel] ?? 0);
    }
  });
  scope.values(result).set(sums);
  return result;
});

/** The gradient of a depthwise convolution with respect to its input. */
export const depthwiseBackpropInput = kernelRepair<
  DepthwiseConv2dNativeBackpropInputInputs,
  DepthwiseConv2dNativeBackpropInputAttrs
>("DepthwiseConv2dNativeBackpropInput", "missing", ({ dy, filter }, attrs, scope) => {
  const { inputShape } = attrs;
  const shape = filter.shape as [number, number, number, number];
  const { windows, inChannels, outChannels, multiplier } = geometryOf(inputShape, shape, attrs);
  const dx = scope.makeZeros(inputShape);
  const [dxs, dys, weights] = [scope.values(dx), scope.values(dy), scope.values(filter)];
  forEachTap(windows, (to, from, tap) => {
    for (let channel = 0; channel < outChannels; channel++) {
      const at = to * inChannels + Math.trunc(channel / multiplier);
      const weight = weights[tap * outChannels + channel] ?? 0;
      dxs[at] = (dxs[at] ?? 0) + weight * (dys[from * outChannels + channel] ?? 0);
    }
  });
  return dx;
});

type Shape = [number, number, number, number];

/** The windows and channels of a depthwise convolution; each input channel has `multiplier` output channels. */
function geometryOf(
  inputShape: Shape,
  filterShape: Shape,
  {
    strides,
    dilations,
    pad,
    dimRoundingMode,
  }: DepthwiseConv2dNativeBackpropFilterAttrs | DepthwiseConv2dNativeBackpropInputAttrs,
) {
  const info = backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  const { inChannels, outChannels } = info;
  return { windows: windowsOf(info), inChannels, outChannels, multiplier: outChannels / inChannels };
}
