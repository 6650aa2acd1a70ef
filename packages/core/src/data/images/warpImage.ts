import type { RandomState } from "../../random/randomState.js";
import type { Augmentation } from "./augmentOptions.js";

/** Height, width and number of channels of an image. */
export type ImageSize = readonly [height: number, width: number, channels: number];

/**
 * An affine map from a place of the new image to one of the old: `[x, y]` becomes `[ax + by + c, dx + ey + f]`. Places are in
 * pixels from the centre of the image.
 */
export type Warp = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const IDENTITY: Warp = [1, 0, 0, 0, 1, 0];

/** Draws where an image's pixels come from: a crop, a shift, flips and a rotation, in that order. */
export function drawWarp(options: Augmentation, [height, width]: ImageSize, random: RandomState): Warp {
  const { crop, shift, horizontalFlip, verticalFlip, rotate } = options;
  let warp = IDENTITY;
  if (crop !== null) {
    const [least, most] = crop.scale;
    const area = least + (most - least) * random.float();
    const [narrow, wide] = crop.ratio.map(Math.log) as [number, number];
    const ratio = Math.exp(narrow + (wide - narrow) * random.float());
    // A part that would be longer than the image is as long as it.
    const [across, down] = [Math.min(1, Math.sqrt(area * ratio)), Math.min(1, Math.sqrt(area / ratio))];
    // At the edge of the image the outermost places are the centres of its pixels: beyond them it would fade.
    const x = (random.float() - 0.5) * (1 - across) * (width - 1);
    const y = (random.float() - 0.5) * (1 - down) * (height - 1);
    warp = after(warp, [across, 0, x, 0, down, y]);
  }
  if (shift > 0)
    warp = after(warp, [1, 0, random.int(2 * shift + 1) - shift, 0, 1, random.int(2 * shift + 1) - shift]);
  if (horizontalFlip > 0 && random.float() < horizontalFlip) warp = after(warp, [-1, 0, 0, 0, 1, 0]);
  if (verticalFlip > 0 && random.float() < verticalFlip) warp = after(warp, [1, 0, 0, 0, -1, 0]);
  if (rotate > 0) {
    const angle = ((2 * random.float() - 1) * rotate * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    warp = after(warp, [cos, sin, 0, -sin, cos, 0]);
  }
  return warp;
}

/** The map that applies `inner` first and `outer` then. */
function after(outer: Warp, inner: Warp): Warp {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/**
 * Writes a warped image; values between pixels are interpolated bilinearly.
 *
 * @param from - The image, `[height, width, channels]`, in C order.
 * @param fill - The value beyond the image.
 */
export function warpImage(
  from: Float32Array,
  to: Float32Array,
  [height, width, channels]: ImageSize,
  { warp: [a, b, c, d, e, f], fill }: { readonly warp: Warp; readonly fill: number },
): void {
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const at = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? fill : (from[(y * width + x) * channels + channel] ?? fill);
  let index = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [u, v] = [column - middleX, row - middleY];
      const [x, y] = [a * u + b * v + c + middleX, d * u + e * v + f + middleY];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, down] = [x - left, y - top];
      for (let channel = 0; channel < channels; channel++) {
        const upper = at(left, top, channel) * (1 - right) + at(left + 1, top, channel) * right;
        // A whole place needs no neighbour, whose weight is 0.
        const lower =
          down === 0
            ? upper
            : at(left, top + 1, channel) * (1 - right) + at(left + 1, top + 1, channel) * right;
        to[index++] = upper * (1 - down) + lower * down;
      }
    }
  }
}
