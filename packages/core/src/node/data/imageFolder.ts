import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { readOptions } from "../../options/checkOptions.js";
import { count, isListOf, oneOf, type Validators } from "../../options/validators.js";
import type { LoaderOptions } from "../../data/loaders/loaderOptions.js";
import { SampleLoader, type Samples } from "../../data/loaders/sampleLoader.js";
import type { Transform } from "../../data/loaders/transform.js";
import type { Subsettable } from "../../data/split/split.js";
import type { Batch } from "../../tensors/batch.js";
import { decodeImage, type ImageFormat } from "./decodeImage.js";
import { checkedFiles, IMAGE_EXTENSIONS, imageFiles, type ImageFiles } from "./imageFiles.js";

/** Options of {@link ImageFolder}. */
export interface ImageFolderOptions {
  /** The size of all images in pixels: one number for squares, or `[height, width]`. */
  readonly size: number | readonly [height: number, width: number];
  /** Number of channels: 1 for grey, 3 for red, green and blue, 4 with opacity. @defaultValue 3 */
  readonly channels?: 1 | 3 | 4;
  /**
   * How an image of another shape is made to fit: `"cover"` cuts off its longer sides, `"contain"` adds black bars, `"fill"`
   * distorts it. @defaultValue "cover"
   */
  readonly fit?: "cover" | "contain" | "fill";
  /** The extensions of images, in any case. @defaultValue .jpg, .jpeg, .png, .webp, .gif, .avif, .tif and .tiff */
  readonly extensions?: readonly string[];
}

/** A decoded image. */
export interface LabeledImage {
  /** The pixels, one byte per channel, `[height, width, channels]` in C order. */
  readonly pixels: Uint8Array;
  /** The index of its class. */
  readonly label: number;
}

/** Options of {@link ImageFolder.loader}: those of all loaders, and a transform. */
export interface ImageLoaderOptions<B = Batch> extends LoaderOptions {
  /** Turns each batch into another, e.g. `augmentImages({ horizontalFlip: 0.5 })`. @defaultValue no transform */
  readonly transform?: Transform<Batch, B>;
}

const requirements: Validators = {
  size: {
    expected: "a number of pixels, or [height, width]",
    test: (value) => count.test(value) || (isListOf(value, count.test) && value.length === 2),
  },
  channels: { expected: "1, 3 or 4", test: (value) => value === 1 || value === 3 || value === 4 },
  fit: oneOf("cover", "contain", "fill"),
  extensions: {
    expected: 'a list of extensions, e.g. [".png"]',
    test: (value) =>
      isListOf(value, (one) => typeof one === "string" && /^\.[^./\\]+$/.test(one)) && value.length > 0,
  },
};

/**
 * Labelled images in a folder with one subfolder per class. They are decoded when a batch needs them, with the optional package
 * `sharp`, on its threads.
 *
 * The classes are the names of the subfolders, sorted. Images are resized to one size and turned upright by their EXIF data. `split`
 * splits an ImageFolder into ImageFolders.
 *
 * @throws FulmineError `INVALID_DATA` or `EMPTY_DATA` if the folder has no such images; `INVALID_OPTION` or `UNKNOWN_OPTION`. Reading
 * throws `INVALID_DATA`, with the path, for a damaged image, and `UNAVAILABLE` without sharp.
 * @example
 * ```ts
 * const images = new ImageFolder("flowers", { size: 64 });
 * const [train, val] = split(images, [0.8, 0.2], { stratify: images.labels });
 * await trainer.fit(model, { train: train.loader({ batchSize: 32, shuffle: true }), val: val.loader() });
 * ```
 */
export class ImageFolder implements Samples<LabeledImage>, Subsettable {
  /** The names of the classes, sorted; a label is an index of it. */
  readonly classes: readonly string[];
  /** The path of each image. */
  readonly files: readonly string[];
  /** The class index of each image. */
  readonly labels: Int32Array;
  /** The paths of the files in the folder that are no images, relative to it. */
  readonly ignored: readonly string[];
  readonly #format: ImageFormat;

  /** @param images - The path of the folder, or the images of another ImageFolder or of a list, with their classes. */
  constructor(images: string | ImageFiles, options: ImageFolderOptions) {
    const { size, channels, fit, extensions } = readOptions(
      "ImageFolder",
      options,
      { channels: 3, fit: "cover", extensions: IMAGE_EXTENSIONS },
      requirements,
    );
    const found = typeof images === "string" ? imageFiles(images, extensions) : checkedFiles(images);
    this.classes = found.classes;
    this.files = found.files;
    this.labels = found.labels;
    this.ignored = found.ignored ?? [];
    this.#format = { size: typeof size === "number" ? [size, size] : size, channels, fit };
  }

  /** Number of images. */
  get length(): number {
    return this.files.length;
  }

  /** Decodes the image at an index. */
  async get(index: number): Promise<LabeledImage> {
    const pixels = await decodeImage(this.files[index] ?? "", this.#format);
    return { pixels, label: this.labels[index] ?? NaN };
  }

  /** Returns the images at the given indices, in that order. The classes stay the same. */
  subset(rows: Int32Array): ImageFolder {
    const { classes, ignored } = this;
    const files = Array.from(rows, (row) => this.files[row] ?? "");
    const labels = rows.map((row) => this.labels[row] ?? NaN);
    return new ImageFolder({ classes, files, labels, ignored }, this.#format);
  }

  /**
   * Creates a loader. A batch has `xs`, float32 from 0 to 1, `[n, height, width, channels]`, and `ys`, the class indices, `[n]`.
   *
   * Up to `prefetch` batches are decoded ahead, 2 by default; no more of them are in memory.
   *
   * @throws FulmineError `UNKNOWN_OPTION` or `INVALID_OPTION`.
   */
  loader<B = Batch>(options: ImageLoaderOptions<B> = {}): SampleLoader<LabeledImage, Batch, B> {
    const { size, channels } = this.#format;
    return new SampleLoader(this, {
      prefetch: 2,
      ...options,
      collate: (images) => ({ xs: toTensor(images, [...size, channels]), ys: labelsOf(images) }),
    });
  }
}

function toTensor(images: readonly LabeledImage[], shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(images.length * length);
  for (const [at, { pixels }] of images.entries())
    for (let index = 0; index < length; index++) values[at * length + index] = (pixels[index] ?? 0) / 255;
  return tensor(values, [images.length, ...shape], "float32");
}

function labelsOf(images: readonly LabeledImage[]): Tensor {
  return tensor(
    Int32Array.from(images, ({ label }) => label),
    [images.length],
    "int32",
  );
}
