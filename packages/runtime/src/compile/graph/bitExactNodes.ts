import type { ProtoMessage } from "@fulmine/core/node";
import { attribute, DataType } from "./graphNode.js";

/** Adds a node to a graph and gives its name. */
export type AddNode = (
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, ProtoMessage>>,
) => string;

const SUMS = new Set(["Add", "AddV2", "AddN"]);
const REAL = { T: attribute.type(DataType.float32) };

/**
 * Writes operations on real numbers into a graph so that they give the same bits there as eagerly.
 *
 * TensorFlow's optimizer makes one sum of sums of sums, sorts the summands of long sums by name, and takes common factors
 * out, all of which adds in another order. It does not look through a `Snapshot`, which copies nothing. And in a graph it
 * takes oneDNN's softmax, which it does not take eagerly.
 */
export class BitExactNodes {
  readonly #add: AddNode;
  readonly #sums = new Set<string>();
  readonly #products = new Map<string, readonly string[]>();
  readonly #snapshots = new Map<string, string>();

  constructor(add: AddNode) {
    this.#add = add;
  }

  /** Adds a node, or others that give the same in the same order. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, ProtoMessage>>): string {
    if (op === "AddN" && inputs.length > 2) return this.#addInTurn(inputs);
    if (op === "Softmax") return this.#softmax(inputs);
    const name = this.#add(op, SUMS.has(op) ? this.#shielded(inputs) : inputs, attributes);
    if (SUMS.has(op)) this.#sums.add(name);
    else if (op === "Mul") this.#products.set(name, inputs);
    return name;
  }

  /** A long sum as TensorFlow computes it: the first few from left to right, then the sums of eight at a time. */
  #addInTurn(inputs: readonly string[]): string {
    const leftToRight = ([first = "", ...others]: readonly string[]): string =>
      others.reduce((sum, next) => this.add("AddV2", [sum, next], REAL), first);
    const rest = inputs.length % 8;
    const few = rest < 2 ? rest + 8 : rest;
    const sums = [leftToRight(inputs.slice(0, few))];
    for (let at = few; at < inputs.length; at += 8) sums.push(leftToRight(inputs.slice(at, at + 8)));
    return leftToRight(sums);
  }

  /** Softmax over the last axis, written out as its own kernel computes it. */
  #softmax(inputs: readonly string[]): string {
    const axis = new Uint8Array(Int32Array.of(-1).buffer);
    const last = this.#add("Const", [], {
      dtype: attribute.type(DataType.int32),
      value: attribute.tensor(DataType.int32, [1], axis),
    });
    const reducing = { ...REAL, Tidx: attribute.type(DataType.int32), keep_dims: attribute.truth(true) };
    const largest = this.#add("Max", [...inputs, last], reducing);
    const powers = this.#add("Exp", [this.#add("Sub", [...inputs, largest], REAL)], REAL);
    const total = this.#add("Sum", [powers, last], reducing);
    return this.#add("Mul", [powers, this.#add("Reciprocal", [total], REAL)], REAL);
  }

  #shielded(inputs: readonly string[]): string[] {
    const factors = inputs.flatMap((input) => this.#products.get(input) ?? []);
    const haveCommonFactor = new Set(factors).size < factors.length;
    return inputs.map((input) => {
      if (!this.#sums.has(input) && !(haveCommonFactor && this.#products.has(input))) return input;
      const snapshot = this.#snapshots.get(input) ?? this.#add("Snapshot", [input], REAL);
      this.#snapshots.set(input, snapshot);
      return snapshot;
    });
  }
}
