import type { RandomState } from "../../random/randomState.js";
import type { Augmentation } from "./augmentOptions.js";

/** How to change the colours of an image. */
export interface Jitter {
  /** The factor of all values. */
  readonly brightness: number;
  /** The factor of the distance from the mean of the grey image. */
  readonly contrast: number;
  /** The factor of the distance from grey. */
  readonly saturation: number;
  /** The turn of the hue, as a share of the colour wheel. */
  readonly hue: number;
}

/** Draws how to change the colours of an image. */
export function drawJitter(options: Augmentation, random: RandomState): Jitter {
  const around = (centre: number, distance: number): number =>
    distance === 0 ? centre : centre + (2 * random.float() - 1) * distance;
  return {
    brightness: around(1, options.brightness),
    contrast: around(1, options.contrast),
    saturation: around(1, options.saturation),
    hue: around(0, options.hue),
  };
}

/**
 * Changes the colours of an image in place: brightness, contrast, saturation and hue, in this order. Each result is clipped.
 *
 * @param image - The pixels, `[…, channels]`; with three channels red, green and blue, with one grey, which has no saturation and
 * no hue. A fourth channel stays as it is.
 * @param most - The largest value, that of white.
 */
export function jitterColors(image: Float32Array, channels: number, jitter: Jitter, most: number): void {
  const colors = channels === 4 ? 3 : channels;
  const clip = (value: number): number => Math.min(most, Math.max(0, value));
  /** Moves all values away from those of another image, or towards them. */
  const blend = (factor: number, other: (pixel: number) => number): void => {
    if (factor === 1) return;
    for (let pixel = 0; pixel < image.length; pixel += channels) {
      const base = other(pixel);
      for (let at = pixel; at < pixel + colors; at++)
        image[at] = clip(base + factor * ((image[at] ?? 0) - base));
    }
  };
  const greyAt = (pixel: number): number =>
    colors === 3
      ? 0.299 * (image[pixel] ?? 0) + 0.587 * (image[pixel + 1] ?? 0) + 0.114 * (image[pixel + 2] ?? 0)
      : (image[pixel] ?? 0);
  blend(jitter.brightness, () => 0);
  if (jitter.contrast !== 1) {
    let sum = 0;
    for (let pixel = 0; pixel < image.length; pixel += channels) sum += greyAt(pixel);
    const mean = (sum * channels) / image.length;
    blend(jitter.contrast, () => mean);
  }
  if (colors !== 3) return;
  blend(jitter.saturation, greyAt);
  if (jitter.hue !== 0) turnHue(image, channels, jitter.hue);
}

/** Turns the hue of an image and keeps the largest and the smallest of the three values, as HSV does. */
function turnHue(image: Float32Array, channels: number, turn: number): void {
  for (let pixel = 0; pixel < image.length; pixel += channels) {
    const [red, green, blue] = [image[pixel] ?? 0, image[pixel + 1] ?? 0, image[pixel + 2] ?? 0];
    const high = Math.max(red, green, blue);
    const range = high - Math.min(red, green, blue);
    if (range === 0) continue;
    const sector =
      high === red
        ? (green - blue) / range
        : high === green
          ? 2 + (blue - red) / range
          : 4 + (red - green) / range;
    const hue = sector + 6 * turn;
    // The value falls from the largest to the smallest with the distance from the hue of each colour.
    const value = (offset: number): number => {
      const place = (((offset + hue) % 6) + 6) % 6;
      return high - range * Math.max(0, Math.min(place, 4 - place, 1));
    };
    image[pixel] = value(5);
    image[pixel + 1] = value(3);
    image[pixel + 2] = value(1);
  }
}
