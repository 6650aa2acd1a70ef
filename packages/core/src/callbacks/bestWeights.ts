import { keep, tensor, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isListOf, nonNegativeInteger, number } from "../options/validators.js";
import { requireState } from "../options/checkOptions.js";
import { shared } from "../tensors/shared.js";
import { isBetter, type MonitorMode } from "./monitor.js";

/** The best weights as plain data. */
export interface BestWeightsState {
  readonly score: number;
  readonly epoch: number;
  readonly step: number;
  /** The values of all variables, in their order. */
  readonly values: readonly (Float32Array | Int32Array | Uint8Array)[];
}

/** When weights were taken, and their score. */
type Taken = Omit<BestWeightsState, "values">;

const requirements = {
  score: number,
  epoch: nonNegativeInteger,
  step: nonNegativeInteger,
  values: {
    expected: "a list of typed arrays",
    test: (value: unknown): boolean => isListOf(value, (each) => ArrayBuffer.isView(each)),
  },
};

/** Keeps the values that variables had at their best score. Tensors are immutable, so keeping them copies nothing. */
export class BestWeights {
  readonly #variables: readonly Variable[];
  #taken: Taken | null = null;
  #best: readonly Tensor[] = [];
  /** The values of the last step, while the variables hold the best ones. */
  #last: readonly Tensor[] = [];

  /** @param variables - All variables of a fit, in the order in which checkpoints save them. */
  constructor(variables: readonly Variable[]) {
    this.#variables = variables;
  }

  /** The best score so far, with its epoch and step; `null` before the first. */
  get taken(): Taken | null {
    return this.#taken;
  }

  /** Takes the present values if their score is better than all before; NaN never is. */
  offer(mode: MonitorMode, offered: Taken): void {
    const isBest =
      this.#taken === null ? !Number.isNaN(offered.score) : isBetter(mode, offered.score, this.#taken.score);
    if (!isBest) return;
    this.#replace(this.#variables.map(shared));
    this.#taken = offered;
  }

  /** Assigns the best values to the variables, and keeps those that they had. */
  restore(): void {
    if (this.#taken === null || this.#last.length > 0) return;
    this.#last = this.#variables.map(shared);
    for (const [index, variable] of this.#variables.entries()) {
      const value = this.#best[index];
      if (value !== undefined) variable.assign(value);
    }
  }

  /** The values of all variables at the last step, in their order, while they hold other ones; else empty. */
  async last(): Promise<BestWeightsState["values"]> {
    return valuesOf(this.#last);
  }

  /** The state as plain data; `null` before the first score. */
  async state(): Promise<BestWeightsState | null> {
    if (this.#taken === null) return null;
    return { ...this.#taken, values: await valuesOf(this.#best) };
  }

  /**
   * Checks that a state fits the variables.
   *
   * @throws FulmineError `INVALID_CHECKPOINT` when it is invalid or belongs to other variables.
   */
  requireFitting(state: unknown): BestWeightsState {
    requireState("EarlyStopping", state, requirements);
    const saved = state as BestWeightsState;
    const { values } = saved;
    const fits =
      values.length === this.#variables.length &&
      this.#variables.every(({ size }, index) => values[index]?.length === size);
    if (fits) return saved;
    throw new FulmineError(
      "INVALID_CHECKPOINT",
      "The best weights in the checkpoint belong to another module.",
      {
        received: values.length,
        todo: "Load it with the module that it was made with.",
      },
    );
  }

  /** Restores a state that fits the variables. */
  load({ values, ...taken }: BestWeightsState): void {
    // A backend may keep the array that it gets, so it gets a copy.
    this.#replace(
      this.#variables.map(({ shape, dtype }, index) =>
        keep(tensor((values[index] ?? []).slice(), shape, dtype)),
      ),
    );
    this.#taken = taken;
  }

  /** Disposes the kept values. */
  dispose(): void {
    this.#replace([]);
    for (const value of this.#last) value.dispose();
    this.#last = [];
    this.#taken = null;
  }

  #replace(next: readonly Tensor[]): void {
    for (const value of this.#best) value.dispose();
    this.#best = next;
  }
}

async function valuesOf(tensors: readonly Tensor[]): Promise<BestWeightsState["values"]> {
  return Promise.all(tensors.map(async (held) => (await held.data()).slice()));
}
