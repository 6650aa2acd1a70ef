import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import {
  disposeSnapshot,
  type OptimizerSnapshot,
  type OptimizerStateDict,
  type SlotNames,
} from "./optimizerState.js";
import { recordOrigin } from "./origin.js";
import type { ParamGroup } from "./paramGroup.js";
import type { PlannedStep } from "./plannedStep.js";

/**
 * The interface to every optimizer: the Trainer, schedules and learning-rate finders use nothing else.
 *
 * Create one with e.g. {@link adam}, or wrap a TensorFlow.js optimizer with {@link fromTfjsOptimizer}.
 */
export abstract class Optimizer<Settings extends object = object> {
  /** The optimizer's name in messages and checkpoints, e.g. `"adam"`. */
  abstract readonly name: string;
  /** The parameter groups, each with its own learning rate and settings. */
  readonly paramGroups: readonly ParamGroup<Settings>[];
  readonly #openGroups: readonly ParamGroup<Settings>[];
  readonly #proportions: readonly number[];

  /** @param groups - The parameter groups. A group without `params` trains the variables that no other group lists. */
  constructor(groups: readonly ParamGroup<Settings>[]) {
    recordOrigin(this);
    this.paramGroups = groups;
    this.#openGroups = groups.filter((group) => group.params === undefined);
    this.#proportions = groups.map((group) => group.lr / (groups[0]?.lr || group.lr || 1));
  }

  /** The learning rate of the first group. */
  get lr(): number {
    return this.paramGroups[0]?.lr ?? 0;
  }

  /** Sets the learning rate of the first group and scales those of the others by the same factor. */
  set lr(lr: number) {
    const before = this.lr;
    for (const [index, group] of this.paramGroups.entries()) {
      // At a rate of 0 the current proportions are lost, so the initial ones apply.
      if (before === 0) group.lr = lr * (this.#proportions[index] ?? 1);
      else group.lr = index === 0 ? lr : (group.lr / before) * lr;
    }
  }

  /** The parameters of all groups. */
  get params(): readonly Variable[] {
    return this.paramGroups.flatMap((group) => group.params ?? []);
  }

  /**
   * Assigns the variables that no group lists to the group without `params`.
   *
   * @throws FulmineError `INVALID_MODULE` if the optimizer then has no parameter.
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

  /** Takes one step. Parameters without a gradient do not change. */
  abstract step(gradients: ReadonlyMap<Variable, Tensor>): void;

  /**
   * Plans the next step without applying it, for the parameters that have taken a step before. Optional: optimizers
   * without it can't be compiled.
   *
   * @param reached - The parameters that have a gradient, if that is known.
   * @returns `null` before the first step.
   */
  plan?(reached: ReadonlySet<Variable> | null): PlannedStep | null;

  /** The slots that a parameter may have with these settings. Without it, loading a state accepts any slots. */
  slotNames?(options: Settings): SlotNames;

  /** Captures learning rates, settings, slots and step counts without copying memory. Restore or dispose it once. */
  abstract snapshot(): OptimizerSnapshot<Settings>;

  /** Restores learning rates, settings, slots and step counts exactly. Consumes the snapshot. */
  abstract restore(snapshot: OptimizerSnapshot<Settings>): void;

  /** Disposes the slots and resets the step counts. */
  abstract dispose(): void;

  /** Saves the state as plain data and typed arrays, for a checkpoint. Training that continues does not change it. */
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
   * Loads a state from a checkpoint exactly: learning rates, settings, slots and step counts. The optimizer must be
   * attached. Parameters are matched by order.
   *
   * @throws FulmineError `INVALID_STATE` if the state is of another optimizer or of other parameters; nothing
   * changes then.
   */
  async loadStateDict(state: OptimizerStateDict): Promise<void> {
    const { toSnapshot } = await import("./stateDict.js");
    this.restore(toSnapshot(this, state));
  }
}
