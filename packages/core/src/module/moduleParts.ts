import type { Variable } from "@tensorflow/tfjs-core";
import { isTensor, isVariable } from "../tensors/isTensor.js";

/** The part of a layer or model of `tf.layers` that is used here. */
export interface LayerLike {
  readonly built?: boolean;
  readonly name?: string;
  readonly layers?: readonly LayerLike[];
  readonly weights: readonly { readonly val: Variable }[];
  readonly trainableWeights: readonly { readonly val: Variable }[];
}

/** A variable or layer, and the property path that leads to it. */
export type ModulePart =
  | { readonly path: string; readonly variable: Variable }
  | { readonly path: string; readonly layer: LayerLike };

/**
 * Finds the variables and layers of a module by walking its own properties: variables, layers and models of `tf.layers`,
 * submodules, and arrays, maps, sets, plain objects and objects of the user's own classes that contain them. Each is listed
 * once, in property order.
 *
 * It skips optimizers and Trainers, whose variables are not the module's, and objects of built-in classes.
 */
export function moduleParts(module: object): ModulePart[] {
  const parts: ModulePart[] = [];
  const seen = new Set<object>();
  // An explicit stack instead of recursion, because a user's objects may form a chain of any length.
  const waiting: { readonly path: string; readonly value: unknown }[] = [{ path: "", value: module }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, value } = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isVariable(value)) parts.push({ path, variable: value });
    else if (isLayer(value)) parts.push({ path, layer: value });
    else {
      const inside = childrenOf(value, value === module).map(([key, child]) => ({
        path: key === "" ? path : path === "" ? key : `${path}.${key}`,
        value: child,
      }));
      waiting.push(...inside.reverse());
    }
  }
  return parts;
}

function isLayer(value: object): value is LayerLike {
  return "trainableWeights" in value && "nonTrainableWeights" in value;
}

function childrenOf(value: object, isModule: boolean): (readonly [key: string, value: unknown])[] {
  if (ArrayBuffer.isView(value) || isTensor(value)) return [];
  if (value instanceof Map || value instanceof Set) return [...value.values()].map((item) => ["", item]);
  if (isModule || Array.isArray(value) || isPlain(value) || "trainingStep" in value)
    return Object.entries(value);
  if (!isOfOwnClass(value)) return [];
  // A getter may return an object that the module does not own.
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value));
  return properties.flatMap(([key, property]) => ("value" in property ? [[key, property.value]] : []));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Tells whether an object is of a user's own class, and is no optimizer or Trainer. */
function isOfOwnClass(value: object): boolean {
  const type = value.constructor as { readonly name: string } | undefined;
  const isBuiltIn = type !== undefined && Reflect.get(globalThis, type.name) === type;
  return !isBuiltIn && !("applyGradients" in value || "paramGroups" in value || "isolated" in value);
}
