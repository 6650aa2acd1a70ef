/// <reference types="node" />
import type { io } from "@tensorflow/tfjs-core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FulmineError } from "../fulmineError.js";
import { nodeFiles } from "./nodeFiles.js";

/** The form of tfjs's `model.json`, as far as it is needed here. */
interface ModelJson extends Omit<io.ModelJSON, "weightsManifest"> {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

/**
 * A folder with tfjs's own `model.json` and `weights.bin`, to save a model of `tf.layers` to and load it from, in any
 * program that uses TensorFlow.js and on every backend.
 *
 * @param folder - The folder; it is made when it is missing.
 * @throws FulmineError `INVALID_DATA`, from saving or loading, when the folder holds no such model.
 * @example
 * ```ts
 * await model.net.save(modelFiles("digits"));
 * const net = await tf.loadLayersModel(modelFiles("digits"));
 * ```
 */
export function modelFiles(folder: string): Required<Pick<io.IOHandler, "save" | "load">> {
  return {
    async save({
      modelTopology,
      weightSpecs = [],
      weightData = new ArrayBuffer(0),
      trainingConfig,
      ...about
    }) {
      if (modelTopology === undefined || modelTopology instanceof ArrayBuffer) {
        throw new FulmineError("INVALID_DATA", "Only a model whose topology is JSON can be saved.", {
          todo: "Save a model of tf.layers.",
        });
      }
      const { format, generatedBy, convertedBy, userDefinedMetadata } = about;
      const weights = new Uint8Array(Array.isArray(weightData) ? join8(weightData) : weightData);
      const json = {
        ...{ modelTopology, format, generatedBy, convertedBy, userDefinedMetadata, trainingConfig },
        weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
      };
      // The weights come first: whoever finds a model.json finds its weights too.
      await nodeFiles.write(join(folder, "weights.bin"), weights);
      await nodeFiles.write(join(folder, "model.json"), new TextEncoder().encode(JSON.stringify(json)));
      return {
        modelArtifactsInfo: {
          dateSaved: new Date(),
          modelTopologyType: "JSON",
          weightDataBytes: weights.length,
        },
      };
    },
    async load() {
      const { weightsManifest, ...rest } = await readModel(join(folder, "model.json"));
      const parts = weightsManifest.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, path)));
      const weights = Buffer.concat(await Promise.all(parts));
      return {
        ...rest,
        weightSpecs: weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(weights).buffer,
      };
    },
  };
}

async function readModel(path: string): Promise<ModelJson> {
  const text = await readFile(path, "utf8");
  try {
    const json = JSON.parse(text) as Partial<ModelJson>;
    if (json.modelTopology !== undefined && Array.isArray(json.weightsManifest)) return json as ModelJson;
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", "The file is not a model of TensorFlow.js.", {
      received: path,
      cause,
    });
  }
  throw new FulmineError("INVALID_DATA", "The file is not a model of TensorFlow.js.", { received: path });
}

function join8(parts: readonly ArrayBuffer[]): ArrayBuffer {
  return new Uint8Array(Buffer.concat(parts.map((part) => new Uint8Array(part)))).buffer;
}
