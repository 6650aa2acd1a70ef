import { add, keep, mul, sub, tensor, tidy, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { counted } from "../errors/counted.js";
import { FulmineError } from "../errors/fulmineError.js";
import { nonNegativeInteger, flag, isListOf } from "../options/validators.js";
import { requireState } from "../options/checkOptions.js";

/** An average as plain data. */
export interface AveragedVariablesState {
  /** Number of updates. */
  readonly count: number;
  /** Whether the variables hold the average, and `values` the weights. */
  readonly isSwapped: boolean;
  /** The values that are not in the variables, in the variables' order; empty before the first update. */
  readonly values: readonly Float32Array[];
}

const lists = {
  expected: "a list of Float32Arrays",
  test: (value: unknown): boolean =>
    isListOf(value, (each) => Object.prototype.toString.call(each) === "[object Float32Array]"),
};

/** A running average of variables, which can be swapped with their values. */
export class AveragedVariables {
  readonly #variables: readonly Variable[];
  readonly #decay: number | "swa";
  #count = 0;
  #isSwapped = false;
  /** The averages, or the variables' own values while the averages are swapped in. */
  #apart: readonly Tensor[] = [];

  /** @param decay - The decay of an exponential moving average; `"swa"` for the arithmetic mean. */
  constructor(variables: readonly Variable[], decay: number | "swa") {
    this.#variables = variables;
    this.#decay = decay;
  }

  /** Adds the current values to the average; the first values are the average. */
  update(): void {
    this.swapOut();
    const share = this.#decay === "swa" ? 1 / (this.#count + 1) : 1 - this.#decay;
    const next = this.#variables.map((variable, index) => {
      const average = this.#apart[index];
      return keep(
        tidy(() =>
          average === undefined ? variable.clone() : add(average, mul(sub(variable, average), share)),
        ),
      );
    });
    this.#replace(next);
    this.#count += 1;
  }

  /** Assigns the averages, if there are any, to the variables, and keeps the variables' own values. */
  swapIn(): void {
    if (!this.#isSwapped) this.#swap();
  }

  /** Assigns the variables' own values again. */
  swapOut(): void {
    if (this.#isSwapped) this.#swap();
  }

  /** The state as plain data. */
  async state(): Promise<AveragedVariablesState> {
    const values = this.#apart.map(async (held) => (await held.data<"float32">()).slice());
    return { count: this.#count, isSwapped: this.#isSwapped, values: await Promise.all(values) };
  }

  /** The state as if the averages were swapped in, and the averages of the variables that do not hold them yet. */
  async swappedState(): Promise<{
    readonly state: AveragedVariablesState;
    readonly averages: ReadonlyMap<Variable, Float32Array>;
  }> {
    const state = await this.state();
    if (this.#isSwapped || this.#apart.length === 0) return { state, averages: new Map() };
    const own = this.#variables.map(async (variable) => (await variable.data<"float32">()).slice());
    const averages = state.values.map(
      (average, index) => [this.#variables[index] as Variable, average] as const,
    );
    return {
      state: { ...state, isSwapped: true, values: await Promise.all(own) },
      averages: new Map(averages),
    };
  }

  /**
   * Checks that a state fits the variables.
   *
   * @throws FulmineError `INVALID_CHECKPOINT` when it is invalid or belongs to other variables.
   */
  requireFitting(state: unknown): void {
    requireState("WeightAveraging", state, { count: nonNegativeInteger, isSwapped: flag, values: lists });
    const { count, isSwapped, values } = state as AveragedVariablesState;
    const sizes = this.#variables.map(({ size }) => size);
    const fits =
      count === 0
        ? values.length === 0 && !isSwapped
        : values.length === sizes.length && values.every(({ length }, index) => length === sizes[index]);
    if (fits) return;
    throw new FulmineError(
      "INVALID_CHECKPOINT",
      "The averaged weights in the checkpoint belong to another module.",
      {
        received: counted(values.length, "variable"),
        todo: "Load it with the module and the WeightAveraging that it was made with.",
      },
    );
  }

  /** Restores a state; the variables must hold the values they had when it was saved. */
  restore({ count, isSwapped, values }: AveragedVariablesState): void {
    // A backend may keep the array that it gets, so it gets a copy.
    this.#replace(
      values.map((held, index) => keep(tensor(held.slice(), this.#variables[index]?.shape, "float32"))),
    );
    [this.#count, this.#isSwapped] = [count, isSwapped];
  }

  /** Disposes the kept values. */
  dispose(): void {
    this.#replace([]);
    [this.#count, this.#isSwapped] = [0, false];
  }

  /** Swaps the variables' values with the kept ones, without copying data. */
  #swap(): void {
    if (this.#apart.length === 0) return;
    const present = this.#variables.map((variable) => keep(variable.clone()));
    for (const [index, variable] of this.#variables.entries()) {
      const held = this.#apart[index];
      if (held !== undefined) variable.assign(held);
    }
    this.#replace(present);
    this.#isSwapped = !this.#isSwapped;
  }

  #replace(next: readonly Tensor[]): void {
    for (const held of this.#apart) held.dispose();
    this.#apart = next;
  }
}
