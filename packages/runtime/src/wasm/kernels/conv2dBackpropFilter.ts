import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair, reshape } from "./kernelRepair.js";

/** The number of elements of the patch matrix at a time: 16 MB. A larger matrix is not faster. */
const PATCH_ELEMENTS = 2 ** 22;

/**
 * The gradient of a convolution with respect to its filter, as matrix products (im2col). For each tap, a row of the patch
 * matrix has the input values of one channel at all output pixels; it is multiplied by the gradient of the output.
 */
export const conv2dBackpropFilter = kernelRepair<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>(
  "Conv2DBackpropFilter",
  "missing",
  ({ x, dy }, { strides, pad, dataFormat, dimRoundingMode, filterShape }, scope) => {
    if (dataFormat !== "NHWC")
      throw new Error(`The wasm backend convolves only channels-last data. Received: ${dataFormat}.`);
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterWidth } = info;
    const taps = info.filterHeight * filterWidth;
    const pixels = batchSize * outHeight * outWidth;
    const tapsAtOnce = Math.max(1, Math.min(taps, Math.floor(PATCH_ELEMENTS / (pixels * inChannels))));
    const result = scope.make(filterShape);
    const planes = scope.run("Transpose", { x }, { perm: [3, 0, 1, 2] });
    const patches = scope.make([tapsAtOnce * inChannels, pixels]);
    for (let first = 0; first < taps; first += tapsAtOnce) {
      const count = Math.min(tapsAtOnce, taps - first);
      const [from, to] = [scope.values(planes), scope.values(patches)];
      for (let tap = first; tap < first + count; tap++) {
        const offset = (tap - first) * inChannels * pixels;
        copyPatch(from, to, offset, info, Math.trunc(tap / filterWidth), tap % filterWidth);
      }
      const product = scope.run(
        "BatchMatMul",
        {
          a: reshape(patches, [count * inChannels, pixels]),
          b: reshape(dy, [pixels, outChannels]),
        },
        { transposeA: false, transposeB: false },
      );
      scope.values(result).set(scope.values(product), first * inChannels * outChannels);
    }
    return result;
  },
);

/** Copies the input values of one tap, channel by channel; writes zeros for the padding. */
function copyPatch(
  from: ArrayLike<number>,
  to: Float32Array | Int32Array | Uint8Array,
  offset: number,
  info: backend_util.Conv2DInfo,
  tapRow: number,
  tapColumn: number,
): void {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const shift = tapColumn - info.padInfo.left;
  const firstColumn = Math.min(outWidth, Math.max(0, Math.ceil(-shift / strideWidth)));
  const endColumn = Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1);
  let at = offset;
  for (let image = 0; image < inChannels * batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const end = at + outWidth;
      const y = row * strideHeight + tapRow - info.padInfo.top;
      if (y >= 0 && y < inHeight) {
        let x = (image * inHeight + y) * inWidth + shift + firstColumn * strideWidth;
        for (let column = 0; column < firstColumn; column++) to[at++] = 0;
        for (let column = firstColumn; column < endColumn; column++, x += strideWidth)
          to[at++] = from[x] ?? 0;
      }
      while (at < end) to[at++] = 0;
    }
  }
}
