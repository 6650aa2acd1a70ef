import { reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { loadPeer } from "./loadPeer.js";

/** How to decode images. */
export interface ImageFormat {
  /** Height and width in pixels. */
  readonly size: readonly [height: number, width: number];
  /** Number of channels: 1 for grey, 3 for red, green and blue, 4 with opacity. */
  readonly channels: 1 | 3 | 4;
  /** How an image of another shape is made to fit. */
  readonly fit: "cover" | "contain" | "fill";
}

/** The part of sharp that is used here; its own types are not published with this package. */
const loadSharp = async () =>
  (await loadPeer("sharp", "Images from files need", () => import("sharp"))).default;

/**
 * Decodes an image file, with the optional package `sharp`, on its threads.
 *
 * @returns The pixels, one byte per channel, `[height, width, channels]` in C order.
 * @throws FulmineError `INVALID_DATA`, with the path, if it can't be decoded; `UNAVAILABLE` without sharp.
 */
export async function decodeImage(path: string, format: ImageFormat): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { channels, fit } = format;
  const [height, width] = format.size;
  try {
    const image = sharp(path, { failOn: "error" })
      .autoOrient()
      .resize({ height, width, fit, background: { r: 0, g: 0, b: 0, alpha: 1 } })
      .toColourspace(channels === 1 ? "b-w" : "srgb");
    const { data, info } = await (channels === 4 ? image.ensureAlpha() : image.removeAlpha())
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels === channels && data.length === height * width * channels) return data;
    throw new Error(`it has ${info.channels} channels`);
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", `The image can't be decoded: ${reasonOf(cause)}.`, {
      received: path,
      todo: "Open it in a viewer: it is missing, damaged, or no image. Replace or remove it.",
      cause,
    });
  }
}
