import { add, keep, mul, sub, tensor, tidy, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { nonNegativeInteger, flag, isListOf } from "../options/validators.js";
import { requireState } from "../options/checkOptions.js";

/** An average as plain data. */
export interface AveragedVariablesState {
  /** How many times weights were averaged. */
  readonly count: number;
  /** Whether `values` are the weights, and the average stands in the variables. */
  readonly isSwapped: boolean;
  /** The variables' values that are held apart, in order; none before the first average. */
  readonly values: readonly Float32Array[];
}

const lists = {
  expected: "a list of Float32Arrays",
  test: (value: unknown): boolean =>
    isListOf(value, (each) => Object.prototype.toString.call(each) === "[object Float32Array]"),
};

/** Keeps a running average of variables' values, and lets it stand in for them. */
export class AveragedVariables {
  readonly #variables: readonly Variable[];
  readonly #decay: number | "swa";
  #count = 0;
  #isSwapped = false;
  /** The averages, or the variables' own values while those are swapped in. */
  #apart: readonly Tensor[] = [];

  /** @param decay - The share of the average that is kept each time; `"swa"` for the plain mean. */
  constructor(variables: readonly Variable[], decay: number | "swa") {
    this.#variables = variables;
    this.#decay = decay;
  }

  /** Takes the present values into the average; the first are the average. */
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

  /** Puts the averages into the variables, where there are any; their own values are held apart meanwhile. */
  swapIn(): void {
    if (!this.#isSwapped) this.#swap();
  }

  /** Puts the variables' own values back. */
  swapOut(): void {
    if (this.#isSwapped) this.#swap();
  }

  /** Everything as plain data. */
  async state(): Promise<AveragedVariablesState> {
    const values = this.#apart.map(async (held) => (await held.data<"float32">()).slice());
    return { count: this.#count, isSwapped: this.#isSwapped, values: await Promise.all(values) };
  }

  /**
   * Checks a state before anything is changed.
   *
   * @throws {@link FulmineError} `INVALID_CHECKPOINT` when it is none, or of other variables.
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
      "The averaged weights in the checkpoint are of another module.",
      {
        received: `${values.length} variables`,
        todo: "Load it with the module and the WeightAveraging that it was made with.",
      },
    );
  }

  /** Goes back to a state that fits, for variables that stand where they stood. */
  restore({ count, isSwapped, values }: AveragedVariablesState): void {
    // A backend may keep the very array that it is given, so it gets one of its own.
    this.#replace(
      values.map((held, index) => keep(tensor(held.slice(), this.#variables[index]?.shape, "float32"))),
    );
    [this.#count, this.#isSwapped] = [count, isSwapped];
  }

  /** Frees what is held apart. */
  dispose(): void {
    this.#replace([]);
    [this.#count, this.#isSwapped] = [0, false];
  }

  /** Exchanges what memory the two stand for; nothing is copied. */
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
