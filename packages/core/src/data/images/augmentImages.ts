import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { makeBreathe } from "../../platform/breathe.js";
import type { RandomState } from "../../random/randomState.js";
import { isTensor } from "../../tensors/isTensor.js";
import { augmentationOf, type Augmentation, type AugmentOptions } from "./augmentOptions.js";
import { drawJitter, jitterColors } from "./jitterColors.js";
import { drawWarp, warpImage, type ImageSize } from "./warpImage.js";

/**
 * Creates a transform that changes each image of a batch at random: crop, shift, flips, rotation, then brightness, contrast,
 * saturation and hue.
 *
 * Pass it as the `transform` of a loader of training data. Its random numbers come from the loader, so a resumed or isolated pass
 * has the same images. It computes in JavaScript, and returns to the event loop between images.
 *
 * The images are a field of the batch, `[n, height, width, channels]`: float32 from 0 to 1, or int32 from 0 to 255. Sizes and types
 * stay as they are. Colours need one channel (grey), or three or four (red, green, blue).
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`; for a batch `INVALID_DATA` if it has no such images.
 * @example
 * ```ts
 * const train = images.loader({ shuffle: true, transform: augmentImages({ horizontalFlip: 0.5, rotate: 15 }) });
 * ```
 */
export function augmentImages(
  options: AugmentOptions,
): <B extends object>(batch: B, random: RandomState) => Promise<B> {
  const augmentation = augmentationOf(options);
  const { field } = augmentation;
  return async (batch, random) => {
    const images = imagesOf(batch, augmentation);
    return { ...batch, [field]: await augment(images, augmentation, random) };
  };
}

function hasColors({ brightness, contrast, saturation, hue }: Augmentation): boolean {
  return brightness + contrast + saturation + hue > 0;
}

/** Finds the images of a batch. */
function imagesOf(batch: object, augmentation: Augmentation): Tensor {
  const { field } = augmentation;
  const given: unknown = Reflect.get(batch, field);
  if (!isTensor(given) || given.rank !== 4) {
    throw new FulmineError(
      "INVALID_DATA",
      `\`${field}\` of a batch must be images, [n, height, width, channels], to be augmented.`,
      {
        received: isTensor(given) ? given.shape : given,
        todo: "Set `field` to the name of the images, or reshape them in the data.",
      },
    );
  }
  const channels = given.shape[3] ?? 0;
  if (!hasColors(augmentation) || [1, 3, 4].includes(channels)) return given;
  throw new FulmineError("INVALID_DATA", "Images whose colours change must have 1, 3 or 4 channels.", {
    received: given.shape,
    todo: "Leave brightness, contrast, saturation and hue out.",
  });
}

async function augment(images: Tensor, options: Augmentation, random: RandomState): Promise<Tensor> {
  const [count = 0, ...rest] = images.shape;
  const size = rest as [number, number, number] satisfies ImageSize;
  const values = Float32Array.from(await images.data());
  const most = images.dtype === "float32" ? 1 : 255;
  if (hasColors(options)) requireRange(values, most);
  const changed = new Float32Array(values.length);
  const length = values.length / Math.max(1, count);
  const breathe = makeBreathe();
  for (let start = 0; start < values.length; start += length) {
    const image = changed.subarray(start, start + length);
    const warp = drawWarp(options, size, random);
    warpImage(values.subarray(start, start + length), image, size, { warp, fill: options.fill });
    jitterColors(image, size[2], drawJitter(options, random), most);
    await breathe();
  }
  if (images.dtype === "float32") return tensor(changed, images.shape, "float32");
  return tensor(
    Int32Array.from(changed, (value) => Math.round(value)),
    images.shape,
    "int32",
  );
}

/** Clipping would cut off values in another range. */
function requireRange(values: Float32Array, most: number): void {
  const odd = values.find((value) => !(value >= 0 && value <= most));
  if (odd === undefined) return;
  throw new FulmineError("INVALID_DATA", `Images whose colours change must have values from 0 to ${most}.`, {
    received: odd,
    todo: "Augment them before you normalize them; float32 images go to 1, int32 images to 255.",
  });
}
