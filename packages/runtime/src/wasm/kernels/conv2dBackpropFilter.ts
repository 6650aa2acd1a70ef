import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropFilterInputs,
} from "@tensorflow/tfjs-core";
import { kernelRepair, reshaped } from "./kernelRepair.js";

/** How many numbers are laid out at a time: 16 MB, beyond which nothing gets faster. */
const LAID_OUT = 2 ** 22;

/**
 * The gradient of a convolution with respect to its filter, as matrix products: what a tap sees of the input at each
 * output pixel is one row per channel, times the output's gradient.
 */
export const conv2dBackpropFilter = kernelRepair<Conv2DBackpropFilterInputs, Conv2DBackpropFilterAttrs>(
  "Conv2DBackpropFilter",
  "missing",
  ({ x, dy }, { strides, pad, dataFormat, dimRoundingMode, filterShape }, scope) => {
    if (dataFormat !== "NHWC") throw new Error(`wasm convolves channels last only. Received: ${dataFormat}.`);
    const shape = x.shape as [number, number, number, number];
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterWidth } = info;
    const taps = info.filterHeight * filterWidth;
    const pixels = batchSize * outHeight * outWidth;
    const together = Math.max(1, Math.min(taps, Math.floor(LAID_OUT / (pixels * inChannels))));
    const result = scope.make(filterShape);
    const planes = scope.run("Transpose", { x }, { perm: [3, 0, 1, 2] });
    const laidOut = scope.make([together * inChannels, pixels]);
    for (let first = 0; first < taps; first += together) {
      const count = Math.min(together, taps - first);
      const [from, to] = [scope.values(planes), scope.values(laidOut)];
      for (let tap = first; tap < first + count; tap++) {
        const offset = (tap - first) * inChannels * pixels;
        layOut(from, to, offset, info, Math.trunc(tap / filterWidth), tap % filterWidth);
      }
      const product = scope.run(
        "BatchMatMul",
        {
          a: reshaped(laidOut, [count * inChannels, pixels]),
          b: reshaped(dy, [pixels, outChannels]),
        },
        { transposeA: false, transposeB: false },
      );
      scope.values(result).set(scope.values(product), first * inChannels * outChannels);
    }
    return result;
  },
);

/** Writes what one tap sees, channel by channel; zeros where it lies in the padding. */
function layOut(
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
