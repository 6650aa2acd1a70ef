import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "./fulmineError.js";
import { isVariable } from "./isTensor.js";

/** The variables of a module, each once, in the order in which its properties hold them. */
export interface ModuleVariables {
  /** Those that an optimizer may train. */
  readonly trainable: readonly Variable[];
  /** All of them, running averages and frozen ones included. */
  readonly all: readonly Variable[];
}

/** What a layer or model of `tf.layers` shows of itself. */
interface LayerLike {
  readonly built?: boolean;
  readonly name?: string;
  readonly layers?: readonly LayerLike[];
  readonly weights: readonly { readonly val: Variable }[];
  readonly trainableWeights: readonly { readonly val: Variable }[];
}

/**
 * Finds a module's variables by walking its own properties: variables, layers and models of `tf.layers`, modules inside
 * it, and arrays, maps, sets and plain objects of them.
 *
 * @throws {@link FulmineError} `INVALID_MODULE` when a layer has no weights yet, for they would be drawn at random in the
 * middle of a run.
 */
export function findVariables(module: object): ModuleVariables {
  const trainable = new Set<Variable>();
  const all = new Set<Variable>();
  const seen = new Set<object>();

  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
    seen.add(value);
    if (isVariable(value)) {
      all.add(value);
      if (value.trainable) trainable.add(value);
    } else if (isLayer(value)) {
      requireBuilt(value, path);
      for (const { val } of value.weights) all.add(val);
      for (const { val } of value.trainableWeights) trainable.add(val);
    } else if (value instanceof Map || value instanceof Set) {
      for (const item of value.values()) visit(item, path);
    } else if (value === module || Array.isArray(value) || isPlain(value) || "trainingStep" in value) {
      for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(module, "");
  return { trainable: [...trainable], all: [...all] };
}

function isLayer(value: object): value is LayerLike {
  return "trainableWeights" in value && "nonTrainableWeights" in value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
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
