import {
  backend_util,
  type Conv2DAttrs,
  type NamedAttrMap,
  type NamedTensorInfoMap,
} from "@tensorflow/tfjs-core";
import { kernelRepair, type KernelRepair } from "./kernelRepair.js";

/**
 * Convolutions that convert the padding `same` to numbers. With `same`, tfjs's own kernels read the wrong pixels if the
 * stride is larger than the filter.
 */
export const explicitPadding: readonly KernelRepair[] = [
  padded("Conv2D", false),
  padded("FusedConv2D", false),
  padded("DepthwiseConv2dNative", true),
  padded("FusedDepthwiseConv2D", true),
];

function padded(name: string, isDepthwise: boolean): KernelRepair {
  return kernelRepair<NamedTensorInfoMap, NamedAttrMap & Partial<Conv2DAttrs>>(
    name,
    "wrong",
    (inputs, attrs, scope) => {
      const { x, filter } = inputs;
      const { strides = 1, pad, dimRoundingMode } = attrs;
      // Null if a depthwise convolution got none.
      const dilations = attrs.dilations ?? 1;
      if (pad !== "same" || x === undefined || filter === undefined) return scope.runStock(inputs, attrs);
      const size = x.shape as [number, number, number, number];
      const taps = filter.shape as [number, number, number, number];
      const { padInfo } = backend_util.computeConv2DInfo(
        size,
        taps,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        isDepthwise,
      );
      const { top, bottom, left, right } = padInfo;
      const explicit = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return scope.runStock(inputs, { ...attrs, pad: explicit });
    },
  );
}
