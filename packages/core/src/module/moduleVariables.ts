import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { moduleParts, type LayerLike } from "./moduleParts.js";

/** The variables of a module, each once, in the order in which its properties hold them. */
export interface ModuleVariables {
  /** Those that an optimizer may train. */
  readonly trainable: readonly Variable[];
  /** All of them, running averages and frozen ones included. */
  readonly all: readonly Variable[];
}

/**
 * Finds a module's variables by walking its own properties: variables, layers and models of `tf.layers`, modules inside
 * it, and arrays, maps, sets, plain objects and objects of the user's own classes that hold them. Optimizers and Trainers
 * are left out.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when a layer has no weights yet, for they would be drawn at random in the
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
    `\`${path}\` holds the layer "${unbuilt.name ?? "?"}" that has no weights yet.`,
    {
      todo: "Give `inputShape` to its first layer, or call its `build`, before the run.",
    },
  );
}

/** A model's own flag says nothing: a Sequential counts as unbuilt until it is first applied. */
function findUnbuilt(layer: LayerLike): LayerLike | undefined {
  if (layer.layers === undefined) return layer.built === false ? layer : undefined;
  for (const child of layer.layers) {
    const unbuilt = findUnbuilt(child);
    if (unbuilt !== undefined) return unbuilt;
  }
  return undefined;
}
