import type { Variable } from "@tensorflow/tfjs-core";
import { isTensor, isVariable } from "../tensors/isTensor.js";

/** What a layer or model of `tf.layers` shows of itself. */
export interface LayerLike {
  readonly built?: boolean;
  readonly name?: string;
  readonly layers?: readonly LayerLike[];
  readonly weights: readonly { readonly val: Variable }[];
  readonly trainableWeights: readonly { readonly val: Variable }[];
}

/** A variable or layer, and the path of properties that leads to it. */
export type ModulePart =
  | { readonly path: string; readonly variable: Variable }
  | { readonly path: string; readonly layer: LayerLike };

/**
 * Finds what a module is made of by walking its own properties: variables, layers and models of `tf.layers`, modules
 * inside it, and arrays, maps, sets, plain objects and objects of the user's own classes that hold them. Each is found
 * once, in the order in which the properties stand.
 *
 * Optimizers and Trainers are left out, for they hold variables of their own, and so are objects of built-in classes.
 */
export function moduleParts(module: object): ModulePart[] {
  const parts: ModulePart[] = [];
  const seen = new Set<object>();
  // Not by recursion: a user's objects may form a chain as long as they like.
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
  // What a getter gives is not held by the object.
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value));
  return properties.flatMap(([key, property]) => ("value" in property ? [[key, property.value]] : []));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether an object is of a class of the user's own, and of no kind that holds variables for another purpose. */
function isOfOwnClass(value: object): boolean {
  const type = value.constructor as { readonly name: string } | undefined;
  const isBuiltIn = type !== undefined && Reflect.get(globalThis, type.name) === type;
  return !isBuiltIn && !("applyGradients" in value || "paramGroups" in value || "isolated" in value);
}
