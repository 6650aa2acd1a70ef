import { Tensor, Variable } from "@tensorflow/tfjs-core";

interface Entry {
  readonly holder: object;
  readonly key: string;
  readonly path: string;
  readonly value: unknown;
}

interface Holder {
  readonly object: object;
  readonly path: string;
  readonly keys: number;
}

/** So many values of a module are watched at most; a module with more is a store of data. */
const MOST = 400;
/** So deep into objects within objects. */
const DEPTH = 4;
/** A value that has changed so often without changing what a step does is not watched any longer. */
const HARMLESS = 3;

/**
 * Watches what a module's step may depend on without its being a tensor: the numbers, texts, flags and references among
 * its properties, those of its hparams and layers, and of what it holds beside. Private fields and what functions
 * close over can't be seen.
 */
export class ModuleWatch {
  /** The tensors among the properties that are no variables. */
  readonly tensors: Tensor[] = [];
  readonly #module: object;
  readonly #ignored = new Set<string>();
  readonly #harmless = new Map<string, number>();
  #entries: Entry[] = [];
  #holders: Holder[] = [];

  constructor(module: object) {
    this.#module = module;
    this.renew();
  }

  /** Takes the present values as those to compare with. */
  renew(): void {
    this.#entries = [];
    this.#holders = [];
    this.tensors.length = 0;
    this.#visit(this.#module, "", DEPTH, new Set());
  }

  /** The paths of the properties that are not as they were; usually none. */
  changes(): string[] {
    let changed: string[] | null = null;
    for (const { holder, key, path, value } of this.#entries) {
      if (Object.is(Reflect.get(holder, key), value)) continue;
      changed ??= [];
      changed.push(path);
    }
    for (const { object, path, keys } of this.#holders) {
      if (sizeOf(object) === keys || this.#ignored.has(path)) continue;
      changed ??= [];
      changed.push(path);
    }
    return changed ?? [];
  }

  /** Says that a step does the same after these changes; who changes often for nothing is watched no longer. */
  forgive(paths: readonly string[]): void {
    for (const path of paths) {
      const count = (this.#harmless.get(path) ?? 0) + 1;
      this.#harmless.set(path, count);
      if (count >= HARMLESS) this.#ignored.add(path);
    }
    this.renew();
  }

  #visit(object: object, path: string, depth: number, seen: Set<object>): void {
    if (seen.has(object) || this.#entries.length >= MOST) return;
    seen.add(object);
    const isLayer = "trainableWeights" in object && "nonTrainableWeights" in object;
    if (!isLayer) this.#holders.push({ object, path, keys: sizeOf(object) });
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const at = path === "" ? key : `${path}.${key}`;
      if (this.#ignored.has(at)) continue;
      if (typeof value !== "object" || value === null) {
        this.#entries.push({ holder: object, key, path: at, value });
      } else if (value instanceof Tensor) {
        if (!(value instanceof Variable) && !value.isDisposed) this.tensors.push(value as Tensor);
        this.#entries.push({ holder: object, key, path: at, value });
      } else if (isLayer) {
        // A layer's own graph of symbols is large and does not change; its parts are layers.
        for (const part of [value].flat())
          if (isObject(part) && "trainableWeights" in part) this.#visit(part, at, depth, seen);
      } else {
        this.#entries.push({ holder: object, key, path: at, value });
        if (depth > 0 && !ArrayBuffer.isView(value)) this.#visit(value, at, depth - 1, seen);
      }
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function sizeOf(object: object): number {
  if (object instanceof Map || object instanceof Set) return object.size;
  return Array.isArray(object) ? object.length : Object.keys(object).length;
}
