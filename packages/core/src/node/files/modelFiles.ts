/// <reference types="node" />
import type { io } from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../../errors/describe.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { nodeFiles } from "./nodeFiles.js";

/** The parts of TensorFlow.js's `model.json` that are used here. */
interface ModelJson extends Omit<io.ModelJSON, "weightsManifest"> {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

/**
 * Saves a `tf.layers` model to a folder and loads it, as TensorFlow.js's `model.json` and a file of weights. Works on every
 * backend and with other programs that use TensorFlow.js.
 *
 * Topology and weights change together: `model.json` names the file of weights and is replaced after that file is complete.
 * The former weights are removed last. A failed save leaves the folder unchanged.
 *
 * @param folder - The folder; it is created if needed.
 * @throws FulmineError when saving or loading: `INVALID_DATA` if the folder has no such model, `UNAVAILABLE` if it can't be
 * written.
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
        weightsManifest: [{ paths: [weightsName(weights)], weights: weightSpecs }],
      };
      await writePair(folder, json, weights);
      return {
        modelArtifactsInfo: {
          dateSaved: new Date(),
          modelTopologyType: "JSON",
          weightDataBytes: weights.length,
        },
      };
    },
    async load() {
      const [{ weightsManifest, ...rest }, weights] = await readPair(folder);
      return {
        ...rest,
        weightSpecs: weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(weights).buffer,
      };
    },
  };
}

/** A name that depends on the weights, so that new weights never replace those that a `model.json` still names. */
function weightsName(weights: Uint8Array): string {
  return `weights-${createHash("sha256").update(weights).digest("hex").slice(0, 12)}.bin`;
}

const OWN_WEIGHTS = /^weights(-[\da-f]{12})?\.bin$/;

/** The files of weights that a folder's `model.json` names; none if there is no such model. */
async function namedWeights(folder: string): Promise<readonly string[]> {
  const model = await readModel(join(folder, "model.json")).catch(() => null);
  return model?.weightsManifest.flatMap(({ paths }) => paths) ?? [];
}

/** Writes the weights, then the `model.json` that names them; removes both after a failure. */
async function writePair(folder: string, json: object, weights: Uint8Array): Promise<void> {
  const name = weightsName(weights);
  const former = await namedWeights(folder);
  const isNew = !(await nodeFiles.exists(folder));
  try {
    await nodeFiles.write(join(folder, name), weights);
    await nodeFiles.write(join(folder, "model.json"), new TextEncoder().encode(JSON.stringify(json)));
  } catch (error) {
    if (!former.includes(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
    if (isNew) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  // Another program may have saved in the meantime; the files that it names stay.
  const present = await namedWeights(folder);
  const unused = former.filter((old) => OWN_WEIGHTS.test(old) && !present.includes(old));
  await Promise.all(unused.map((old) => nodeFiles.remove(join(folder, old))));
}

/** Reads a model and its weights; reads the new ones if another program replaces them in between. */
async function readPair(folder: string, before?: string): Promise<readonly [ModelJson, Uint8Array]> {
  const path = join(folder, "model.json");
  const model = await readModel(path);
  const names = model.weightsManifest.flatMap(({ paths }) => paths);
  try {
    return [model, Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))))];
  } catch (error) {
    const missing = names.join();
    if (missing === before) throw unreadable("The weights of the model can't be read.", folder, error);
    return readPair(folder, missing);
  }
}

async function readModel(path: string): Promise<ModelJson> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable("There is no model that can be read.", path, error);
  });
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

function unreadable(problem: string, path: string, cause: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", problem, {
    received: path,
    todo: `Give the folder that a model was saved to. The cause: ${reasonOf(cause)}`,
    cause,
  });
}

function join8(parts: readonly ArrayBuffer[]): ArrayBuffer {
  return new Uint8Array(Buffer.concat(parts.map((part) => new Uint8Array(part)))).buffer;
}
