import { FulmineError } from "@fulmine/core";
import type { InferenceModel, io, Scalar, Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { loadedTfjsNode } from "./loadNative.js";

/** Writes summaries for TensorBoard. */
export interface SummaryFileWriter {
  scalar(name: string, value: Scalar | number, step: number, description?: string): void;
  histogram(name: string, data: Tensor, step: number, buckets?: number, description?: string): void;
  flush(): void;
}

/** A callback for `model.fit` of tfjs. */
export interface TfjsFitCallback {
  onBatchEnd?(batch: number, logs?: Record<string, unknown>): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: Record<string, unknown>): void | Promise<void>;
  onTrainEnd?(logs?: Record<string, unknown>): void | Promise<void>;
}

/** A signature of a SavedModel of TensorFlow. */
export interface SavedModelSignature {
  readonly inputs: Readonly<
    Record<string, { readonly name: string; readonly dtype: string; readonly shape: unknown }>
  >;
  readonly outputs: Readonly<
    Record<string, { readonly name: string; readonly dtype: string; readonly shape: unknown }>
  >;
}

/** A graph of a SavedModel of TensorFlow. */
export interface SavedModelGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<Record<string, SavedModelSignature>>;
}

/** The functions that `@tensorflow/tfjs-node` has under `tf.node`, with the same arguments. */
export interface TfNode {
  /** Decodes a BMP, GIF, JPEG or PNG: int32 of shape `[height, width, channels]`, of an animation with the frames first. */
  decodeImage(
    contents: Uint8Array,
    channels?: number,
    dtype?: string,
    expandAnimations?: boolean,
  ): Tensor3D | Tensor4D;
  decodeBmp(contents: Uint8Array, channels?: number): Tensor3D;
  decodeGif(contents: Uint8Array): Tensor4D;
  decodePng(contents: Uint8Array, channels?: number, dtype?: string): Tensor3D;
  decodeJpeg(
    contents: Uint8Array,
    channels?: number,
    ratio?: number,
    fancyUpscaling?: boolean,
    tryRecoverTruncated?: boolean,
    acceptableFraction?: number,
    dctMethod?: string,
  ): Tensor3D;
  encodeJpeg(
    image: Tensor3D,
    format?: "" | "grayscale" | "rgb",
    quality?: number,
    progressive?: boolean,
    optimizeSize?: boolean,
    chromaDownsampling?: boolean,
    densityUnit?: "in" | "cm",
    xDensity?: number,
    yDensity?: number,
    xmpMetadata?: string,
  ): Promise<Uint8Array>;
  encodePng(image: Tensor3D, compression?: number): Promise<Uint8Array>;
  summaryFileWriter(
    logdir: string,
    maxQueue?: number,
    flushMillis?: number,
    filenameSuffix?: string,
  ): SummaryFileWriter;
  tensorBoard(
    logdir?: string,
    args?: { readonly updateFreq?: "batch" | "epoch"; readonly histogramFreq?: number },
  ): TfjsFitCallback;
  /** Reads the graphs of a SavedModel: their tags and signatures. */
  getMetaGraphsFromSavedModel(path: string): Promise<SavedModelGraph[]>;
  getNumOfSavedModels(): number;
  /** Loads a SavedModel, for predictions only. */
  loadSavedModel(path: string, tags?: readonly string[], signature?: string): Promise<InferenceModel>;
}

/** What `@tensorflow/tfjs-node-gpu` exports besides tfjs. */
interface TfjsNodeExports {
  readonly node: TfNode;
  readonly io: { fileSystem(path: string | string[]): io.IOHandler };
}

/**
 * The functions that `@tensorflow/tfjs-node` has under `tf.node`. They need the native backend: each throws a `FulmineError`
 * with the code `UNAVAILABLE` before `useAccelerator("native")` or `loadNative` has loaded it.
 *
 * @example
 * ```ts
 * await useAccelerator("native");
 * const image = node.decodeImage(await readFile("cat.jpg"));
 * ```
 */
export const node: TfNode = {
  decodeImage: (...args) => tfjsNode().node.decodeImage(...args),
  decodeBmp: (...args) => tfjsNode().node.decodeBmp(...args),
  decodeGif: (...args) => tfjsNode().node.decodeGif(...args),
  decodePng: (...args) => tfjsNode().node.decodePng(...args),
  decodeJpeg: (...args) => tfjsNode().node.decodeJpeg(...args),
  encodeJpeg: (...args) => tfjsNode().node.encodeJpeg(...args),
  encodePng: (...args) => tfjsNode().node.encodePng(...args),
  summaryFileWriter: (...args) => tfjsNode().node.summaryFileWriter(...args),
  tensorBoard: (...args) => tfjsNode().node.tensorBoard(...args),
  getMetaGraphsFromSavedModel: (...args) => tfjsNode().node.getMetaGraphsFromSavedModel(...args),
  getNumOfSavedModels: () => tfjsNode().node.getNumOfSavedModels(),
  loadSavedModel: (...args) => tfjsNode().node.loadSavedModel(...args),
};

/**
 * Makes a handler that saves a tfjs model into a folder, or loads one from its `model.json`, as `tf.io.fileSystem` of
 * `@tensorflow/tfjs-node` does. URLs that begin with `file://` do the same.
 *
 * @throws FulmineError `UNAVAILABLE` when the native backend is not loaded.
 */
export function fileSystem(path: string | string[]): io.IOHandler {
  return tfjsNode().io.fileSystem(path);
}

function tfjsNode(): TfjsNodeExports {
  const loaded = loadedTfjsNode();
  if (loaded !== undefined) return loaded as TfjsNodeExports;
  throw new FulmineError(
    "UNAVAILABLE",
    "This function needs the native backend, which Fulmine has not loaded.",
    {
      todo: 'Call `await useAccelerator("native")` first.',
    },
  );
}
