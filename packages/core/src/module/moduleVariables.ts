import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { moduleParts, type LayerLike } from "./moduleParts.js";

/** The variables of a module, each once, in property order. */
export interface ModuleVariables {
  /** The trainable variables. */
  readonly trainable: readonly Variable[];
  /** All variables, including moving averages and frozen ones. */
  readonly all: readonly Variable[];
}

/**
 * Finds a module's variables by walking its own properties: variables, layers and models of `tf.layers`, submodules, and
 * arrays, maps, sets, plain objects and objects of the user's own classes that contain them. It skips optimizers and Trainers.
 *
 * @throws FulmineError `INVALID_MODULE` if a layer is not built yet, because its weights would be initialized in the
 * middle of a run.
 */
export function findVariables(module: object): ModuleVariables {
  const trainable = new Set<Variable>();
  const all = new Set<Variable>();
  for (const part of moduleParts(module)) {
    if ("variable" in part) {
      all.add(part.variable);
      if (part.variable.trainable) trainable.add(part.variable);
    } else {
      requireBuilt(part.layer, part.path);
      for (const { val } of part.layer.weights) all.add(val);
      for (const { val } of part.layer.trainableWeights) trainable.add(val);
    }
  }
  return { trainable: [...trainable], all: [...all] };
}

function requireBuilt(layer: LayerLike, path: string): void {
  const unbuilt = findUnbuilt(layer);
  if (unbuilt === undefined) return;
  throw new FulmineError(
    "INVALID_MODULE",
    `\`${path}\` contains the layer "${unbuilt.name ?? "?"}", which has no weights yet.`,
    {
      todo: "Set the `inputShape` of its first layer, or call its `build`, before the run.",
    },
  );
}

/** It ignores the `built` of a model: a Sequential is marked unbuilt until it is first applied. */
function findUnbuilt(layer: LayerLike): LayerLike | undefined {
  if (layer.layers === undefined) return layer.built === false ? layer : undefined;
  for (const child of layer.layers) {
    const unbuilt = findUnbuilt(child);
    if (unbuilt !== undefined) return unbuilt;
  }
  return undefined;
}
