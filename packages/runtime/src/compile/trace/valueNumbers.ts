import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { isVariable } from "./tfjsEngine.js";

const NUMBER = Symbol("value number");

interface Numbered {
  [NUMBER]?: number;
}

/** Numbers the values of one forward pass, in the order in which they first appear. */
export class ValueNumbers {
  /** The tensors by number. */
  readonly tensors: Tensor[] = [];
  /** The numbers of values from outside. Keys are variables, or other tensors' data ids, which clones share. */
  readonly #externals = new Map<object, number>();
  readonly #externalNumbers = new Set<number>();
  /** The numbers of the values that were assigned to variables. */
  readonly #assigned = new Map<Variable, number>();

  /** The number of values so far. */
  get count(): number {
    return this.tensors.length;
  }

  /** Gets the number of a tensor's value; `undefined` if it has none yet. */
  of(tensor: Tensor): number | undefined {
    const number = (tensor as Numbered)[NUMBER];
    if (number !== undefined && this.tensors[number] === tensor) return number;
    if (isVariable(tensor)) return this.#assigned.get(tensor) ?? this.#externals.get(tensor);
    return this.#externals.get(tensor.dataId);
  }

  /** Numbers the result of a kernel. */
  addResult(tensor: Tensor): void {
    (tensor as Numbered)[NUMBER] = this.tensors.length;
    this.tensors.push(tensor);
  }

  /** Numbers a value from outside. */
  addExternal(tensor: Tensor): number {
    const number = this.tensors.length;
    this.#externals.set(isVariable(tensor) ? tensor : tensor.dataId, number);
    this.#externalNumbers.add(number);
    // A tensor without data gets another data id later, so it carries the number itself.
    if (!isVariable(tensor)) (tensor as Numbered)[NUMBER] = number;
    this.tensors.push(tensor);
    return number;
  }

  /** Whether a value comes from outside. */
  isExternal(number: number): boolean {
    return this.#externalNumbers.has(number);
  }

  /** Removes the values from a number on; all of them must be from outside. */
  removeFrom(number: number): void {
    for (const [index, tensor] of this.tensors.splice(number).entries()) {
      this.#externals.delete(isVariable(tensor) ? tensor : tensor.dataId);
      this.#externalNumbers.delete(number + index);
    }
  }

  /** Records that a variable has another value from now on. */
  assign(variable: Variable, number: number): void {
    this.#assigned.set(variable, number);
  }
}
