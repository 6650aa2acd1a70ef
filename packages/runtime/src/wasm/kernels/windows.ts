import type { backend_util } from "@tensorflow/tfjs-core";

type Triple = readonly [number, number, number];

/** The geometry of a convolution or pooling, as depth, height and width. In two dimensions the depth is 1. */
export interface Windows {
  readonly batch: number;
  /** The size of the input. */
  readonly input: Triple;
  /** The number of windows. */
  readonly output: Triple;
  /** The number of taps of a window. */
  readonly taps: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** The padding before the input. */
  readonly before: Triple;
}

/** Converts tfjs's description of a convolution or pooling. */
export function windowsOf(info: backend_util.Conv2DInfo | backend_util.Conv3DInfo): Windows {
  const { batchSize: batch, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  const depth =
    "inDepth" in info
      ? {
          input: info.inDepth,
          output: info.outDepth,
          taps: info.filterDepth,
          stride: info.strideDepth,
          dilation: info.dilationDepth,
          before: info.padInfo.front,
        }
      : { input: 1, output: 1, taps: 1, stride: 1, dilation: 1, before: 0 };
  return {
    batch,
    input: [depth.input, inHeight, inWidth],
    output: [depth.output, outHeight, outWidth],
    taps: [depth.taps, filterHeight, filterWidth],
    strides: [depth.stride, strideHeight, strideWidth],
    dilations: [depth.dilation, dilationHeight, dilationWidth],
    before: [depth.before, padInfo.top, padInfo.left],
  };
}

/**
 * Visits every tap inside the input, window by window.
 *
 * @param visit - Called with the indices of the input pixel, the output pixel and the tap, in row-major order; those of the
 *   pixels count over the batch.
 */
export function forEachTap(
  windows: Windows,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const [depth, height, width] = windows.input;
  const [planes, rows, columns] = windows.output;
  const [tapPlanes, tapRows, tapColumns] = windows.taps;
  const [planeStride, rowStride, columnStride] = windows.strides;
  const [planeDilation, rowDilation, columnDilation] = windows.dilations;
  const [front, top, left] = windows.before;
  let output = 0;
  for (let image = 0; image < windows.batch; image++) {
    for (let plane = 0; plane < planes; plane++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, output++) {
          for (let i = 0; i < tapPlanes; i++) {
            const z = plane * planeStride + i * planeDilation - front;
            if (z < 0 || z >= depth) continue;
            for (let j = 0; j < tapRows; j++) {
              const y = row * rowStride + j * rowDilation - top;
              if (y < 0 || y >= height) continue;
              for (let k = 0; k < tapColumns; k++) {
                const x = column * columnStride + k * columnDilation - left;
                if (x < 0 || x >= width) continue;
                visit(
                  ((image * depth + z) * height + y) * width + x,
                  output,
                  (i * tapRows + j) * tapColumns + k,
                );
              }
            }
          }
        }
      }
    }
  }
}
