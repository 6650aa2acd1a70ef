import { readOptions } from "../../options/checkOptions.js";
import {
  isListOf,
  nonNegativeInteger,
  notNegative,
  optional,
  positive,
  type Validator,
} from "../../options/validators.js";

/** Options of `augmentImages`. What is left out does not change. */
export interface AugmentOptions {
  /** The probability of mirroring an image left to right. @defaultValue 0 */
  readonly horizontalFlip?: number;
  /** The probability of mirroring an image upside down. @defaultValue 0 */
  readonly verticalFlip?: number;
  /**
   * Takes a random part of the image and resizes it to the size of the image. The part has a share of the area from the range
   * `scale`, and `ratio` times the shape (width / height) of the image, drawn evenly on a log scale.
   *
   * @defaultValue the whole image; a `ratio` from 3/4 to 4/3
   */
  readonly crop?: { readonly scale: readonly [number, number]; readonly ratio?: readonly [number, number] };
  /** The largest shift in pixels, along each axis, as of a random crop of an image that was padded by it. @defaultValue 0 */
  readonly shift?: number;
  /** The largest rotation in degrees, in either direction. @defaultValue 0 */
  readonly rotate?: number;
  /** What is beyond the image, in its units. @defaultValue 0 */
  readonly fill?: number;
  /** Multiplies all values by a factor from 1 − `brightness` to 1 + `brightness`. @defaultValue 0 */
  readonly brightness?: number;
  /** Multiplies the distance from the mean of the grey image by a factor from 1 − `contrast` to 1 + `contrast`. @defaultValue 0 */
  readonly contrast?: number;
  /** Multiplies the distance from grey by a factor from 1 − `saturation` to 1 + `saturation`. @defaultValue 0 */
  readonly saturation?: number;
  /** Turns the hue by up to this share of the colour wheel, in either direction; at most 0.5. @defaultValue 0 */
  readonly hue?: number;
  /** The field of the batch that has the images. @defaultValue "xs" */
  readonly field?: string;
}

/** The options with their defaults. */
export type Augmentation = Required<Omit<AugmentOptions, "crop">> & {
  readonly crop: {
    readonly scale: readonly [number, number];
    readonly ratio: readonly [number, number];
  } | null;
};

const defaults: Omit<Augmentation, "crop"> = {
  ...{ horizontalFlip: 0, verticalFlip: 0, shift: 0, rotate: 0, fill: 0 },
  ...{ brightness: 0, contrast: 0, saturation: 0, hue: 0, field: "xs" },
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws FulmineError `INVALID_OPTION` or `UNKNOWN_OPTION`.
 */
export function augmentationOf(options: AugmentOptions): Augmentation {
  const { crop, ...read } = readOptions("augmentImages", options, defaults, requirements);
  return { ...read, crop: crop === undefined ? null : { ratio: [3 / 4, 4 / 3], ...crop } };
}

function upTo(limit: number): Validator {
  return {
    expected: `a number from 0 to ${limit}`,
    test: (value) => notNegative.test(value) && Number(value) <= limit,
  };
}

function isRange(value: unknown, limit: number): boolean {
  if (!isListOf(value, (end) => positive.test(end) && Number(end) <= limit)) return false;
  return value.length === 2 && Number(value[0]) <= Number(value[1]);
}

const share = upTo(1);

const requirements = {
  horizontalFlip: optional(share),
  verticalFlip: optional(share),
  crop: optional({
    expected:
      "{ scale: [least, most] } with shares of the area above 0 and up to 1, and maybe a range `ratio`",
    test: (value: unknown) => {
      if (typeof value !== "object" || value === null || !("scale" in value)) return false;
      const isKnown = Object.keys(value).every((key) => key === "scale" || key === "ratio");
      const ratio = "ratio" in value ? value.ratio : undefined;
      return isKnown && isRange(value.scale, 1) && (ratio === undefined || isRange(ratio, Infinity));
    },
  }),
  shift: optional(nonNegativeInteger),
  rotate: optional(upTo(180)),
  fill: optional(notNegative),
  brightness: optional(share),
  contrast: optional(share),
  saturation: optional(share),
  hue: optional(upTo(0.5)),
  field: optional({ expected: "the name of a field", test: (value: unknown) => typeof value === "string" }),
};
