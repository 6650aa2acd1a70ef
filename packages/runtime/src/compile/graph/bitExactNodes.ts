import type { ProtoMessage } from "@fulmine/core/node";
import { attribute, DataType } from "../tensorflow/graphNode.js";

/** Adds a node to a graph and returns its name. */
export type AddNode = (
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, ProtoMessage>>,
) => string;

const SUMS = new Set(["Add", "AddV2", "AddN"]);
const REAL = { T: attribute.type(DataType.float32) };

/**
 * Adds operations on floats to a graph so that they give the same bits there as eagerly.
 *
 * TensorFlow's graph optimizer merges nested sums, sorts the terms of long sums by name, and factors out common factors.
 * Each of these changes the order of additions. The optimizer does not look through a `Snapshot`, which copies nothing.
 * TensorFlow also uses oneDNN's softmax in a graph, but not eagerly.
 */
export class BitExactNodes {
  readonly #add: AddNode;
  readonly #sums = new Set<string>();
  readonly #products = new Map<string, readonly string[]>();
  readonly #snapshots = new Map<string, string>();

  constructor(add: AddNode) {
    this.#add = add;
  }

  /** Adds an operation as one node, or as several nodes that compute the same in the eager order. */
  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, ProtoMessage>>): string {
    if (op === "AddN" && inputs.length > 2) return this.#addInTurn(inputs);
    if (op === "Softmax") return this.#softmax(inputs);
    const name = this.#add(op, SUMS.has(op) ? this.#shielded(inputs) : inputs, attributes);
    if (SUMS.has(op)) this.#sums.add(name);
    else if (op === "Mul") this.#products.set(name, inputs);
    return name;
  }

  /** Adds a long sum as TensorFlow computes it: the first few terms in order, then sums of eight terms each. */
  #addInTurn(inputs: readonly string[]): string {
    const leftToRight = ([first = "", ...others]: readonly string[]): string =>
      others.reduce((sum, next) => this.add("AddV2", [sum, next], REAL), first);
    const rest = inputs.length % 8;
    const few = rest < 2 ? rest + 8 : rest;
    const sums = [leftToRight(inputs.slice(0, few))];
    for (let at = few; at < inputs.length; at += 8) sums.push(leftToRight(inputs.slice(at, at + 8)));
    return leftToRight(sums);
  }

  /** Adds a softmax over the last axis as separate nodes that compute what the eager kernel does. */
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

  /** Puts a `Snapshot` around inputs that the graph optimizer would merge into a sum. */
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
