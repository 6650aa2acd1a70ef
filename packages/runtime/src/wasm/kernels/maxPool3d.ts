import { backend_util, type MaxPool3DAttrs, type MaxPool3DInputs } from "@tensorflow/tfjs-core";
import { kernelRepair } from "../kernelRepair.js";
import { forEachTap, windowsOf } from "../windows.js";

/** Max pooling in three dimensions; tfjs's own gives nearly zero for a window that has no positive value. */
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
