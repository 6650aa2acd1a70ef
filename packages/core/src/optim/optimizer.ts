import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { recordOrigin } from "./origin.js";
import {
  disposeSnapshot,
  type OptimizerSnapshot,
  type OptimizerStateDict,
  type ParamGroup,
} from "./optimizerState.js";
import type { PlannedStep } from "./plannedStep.js";

/**
 * What trains a module's parameters, whoever computes the update: the Trainer, schedules and the finder know no more of
 * an optimizer than this.
 */
export abstract class Optimizer<Options extends object = object> {
  /** The optimizer's name, e.g. `"adam"`, for messages and checkpoints. */
  abstract readonly name: string;
  /** The groups of parameters, each with its own learning rate and settings. */
  readonly paramGroups: readonly ParamGroup<Options>[];
  readonly #openGroups: readonly ParamGroup<Options>[];
  readonly #proportions: readonly number[];

  constructor(groups: readonly ParamGroup<Options>[]) {
    recordOrigin(this);
    this.paramGroups = groups;
    this.#openGroups = groups.filter((group) => group.params === undefined);
    this.#proportions = groups.map((group) => group.lr / (groups[0]?.lr || group.lr || 1));
  }

  /** The learning rate of the first group. */
  get lr(): number {
    return this.paramGroups[0]?.lr ?? 0;
  }

  /** Sets the first group's learning rate to `lr` and every other's in the same proportion. */
  set lr(lr: number) {
    const before = this.lr;
    for (const [index, group] of this.paramGroups.entries()) {
      // A rate of 0 has lost the proportions, so those that the groups were made with count.
      if (before === 0) group.lr = lr * (this.#proportions[index] ?? 1);
      else group.lr = index === 0 ? lr : (group.lr / before) * lr;
    }
  }

  /** All parameters of all groups. */
  get params(): readonly Variable[] {
    return this.paramGroups.flatMap((group) => group.params ?? []);
  }

  /**
   * Gives the variables that no group names to the group that names none.
   *
   * @throws {@link FulmineError} `INVALID_MODULE` when there is nothing to train.
   */
  attach(variables: readonly Variable[]): void {
    for (const group of this.#openGroups) delete group.params;
    const named = new Set(this.params);
    for (const group of this.#openGroups) group.params = variables.filter((variable) => !named.has(variable));
    if (this.params.length === 0) {
      throw new FulmineError("INVALID_MODULE", `The optimizer \`${this.name}\` has no parameter to train.`, {
        todo: "Keep the layers or variables to train as properties of the module, and leave them trainable.",
      });
    }
  }

  /** Applies one step; parameters without a gradient stay as they are. */
  abstract step(gradients: ReadonlyMap<Variable, Tensor>): void;

  /**
   * Takes the next step apart without taking it, for those of the parameters that have taken one before.
   *
   * @param reached - The parameters that have a gradient, when that is known.
   * @returns `null` when nothing has been stepped yet. An optimizer whose steps can't be taken apart has no such method.
   */
  plan?(reached: ReadonlySet<Variable> | null): PlannedStep | null;

  /**
   * The names of the slots that a parameter may have under some settings, and whether one that has taken a step needs them
   * all. Where an optimizer does not tell, the slots of a saved state are taken as they are.
   */
  slotNames?(options: Options): { readonly names: readonly string[]; readonly areNeeded: boolean };

  /** Takes rates, settings, slots and step counts apart without copying memory; `restore` uses the snapshot up. */
  abstract snapshot(): OptimizerSnapshot<Options>;

  /** Puts rates, settings, slots and step counts back exactly. */
  abstract restore(snapshot: OptimizerSnapshot<Options>): void;

  /** Frees the slots and forgets the step counts. */
  abstract dispose(): void;

  /**
   * The whole state as plain data and typed arrays, for a checkpoint; parameters are known by their position. Training
   * that goes on meanwhile does not show in it.
   */
  async stateDict(): Promise<OptimizerStateDict> {
    const snapshot = this.snapshot();
    try {
      const { saveSnapshot } = await import("./stateDict.js");
      return await saveSnapshot(this, snapshot);
    } finally {
      disposeSnapshot(snapshot);
    }
  }

  /**
   * Takes up a state from a checkpoint, exactly: rates, settings, slots and step counts. The optimizer must be attached.
   *
   * @throws {@link FulmineError} `INVALID_STATE` when the state is of another optimizer or of other parameters; nothing is
   * changed then.
   */
  async loadStateDict(state: OptimizerStateDict): Promise<void> {
    const { toSnapshot } = await import("./stateDict.js");
    this.restore(toSnapshot(this, state));
  }
}
