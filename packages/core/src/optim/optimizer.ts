import {
  keep,
  scalar,
  tidy,
  zerosLike,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { NamedTensors, UpdateRule } from "./updateRule.js";

/** Some parameters with settings of their own. */
export interface ParamGroup<Options> {
  /** The parameters; left out, all trainable variables of the module that no other group names. */
  params?: readonly Variable[];
  /** The learning rate. */
  lr: number;
  /** The optimizer's other settings. */
  readonly options: Options;
}

interface ParamState {
  step: number;
  slots: NamedTensors;
}

/** An optimizer's whole state, held apart: clones that share memory with the originals. */
export interface OptimizerSnapshot {
  readonly lrs: readonly number[];
  readonly states: readonly {
    readonly param: Variable;
    readonly step: number;
    readonly slots: NamedTensors;
  }[];
}

/**
 * Applies an update rule to a module's parameters and keeps its slots and step counts.
 *
 * Made by `sgd`, `adam` and `adamw`; the Trainer attaches it to the module's variables.
 */
export class Optimizer<Options extends object = object> {
  readonly #states = new Map<Variable, ParamState>();
  readonly #rule: UpdateRule<Options>;
  readonly #openGroups: readonly ParamGroup<Options>[];
  /** The groups of parameters, each with its own learning rate and settings. */
  readonly paramGroups: readonly ParamGroup<Options>[];

  constructor(rule: UpdateRule<Options>, groups: readonly ParamGroup<Options>[]) {
    this.#rule = rule;
    this.paramGroups = groups;
    this.#openGroups = groups.filter((group) => group.params === undefined);
  }

  /** The rule's name, e.g. `"adam"`. */
  get name(): string {
    return this.#rule.name;
  }

  /** The learning rate of the first group. */
  get lr(): number {
    return this.paramGroups[0]?.lr ?? 0;
  }

  /** Sets the first group's learning rate to `lr` and every other's in the same proportion. */
  set lr(lr: number) {
    const before = this.lr;
    for (const [index, group] of this.paramGroups.entries())
      group.lr = index === 0 ? lr : (group.lr / before) * lr;
  }

  /** All parameters of all groups. */
  get params(): readonly Variable[] {
    return this.paramGroups.flatMap((group) => group.params ?? []);
  }

  /** Gives the variables that no group names to the group that names none. */
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
  step(gradients: ReadonlyMap<Variable, Tensor>): void {
    for (const group of this.paramGroups) this.#stepGroup(group, gradients);
  }

  #stepGroup(group: ParamGroup<Options>, gradients: ReadonlyMap<Variable, Tensor>): void {
    const settings = { ...group.options, lr: group.lr };
    tidy(() => {
      // Parameters nearly always stand at the same step, so their scalars are made once.
      const scalarsAt = new Map<number, Record<string, Scalar>>();
      for (const param of group.params ?? []) {
        const grad = gradients.get(param);
        if (grad === undefined) continue;
        const state = this.#stateOf(param, group.options);
        const step = state.step + 1;
        let scalars = scalarsAt.get(step);
        if (scalars === undefined) {
          scalars = toTensors(this.#rule.scalars(settings, step));
          scalarsAt.set(step, scalars);
        }
        const next = this.#rule.update({ param, grad, slots: state.slots, scalars, options: group.options });
        param.assign(next.param);
        for (const slot of Object.values(next.slots)) keep(slot);
        disposeAll(state.slots);
        state.slots = next.slots;
        state.step = step;
      }
    });
  }

  #stateOf(param: Variable, options: Options): ParamState {
    let state = this.#states.get(param);
    if (state === undefined) {
      const slots = this.#rule.slots(options).map((name) => [name, keep(zerosLike(param))] as const);
      state = { step: 0, slots: Object.fromEntries(slots) };
      this.#states.set(param, state);
    }
    return state;
  }

  /** Takes the rates, slots and step counts apart without copying memory; `restore` uses the snapshot up. */
  snapshot(): OptimizerSnapshot {
    const lrs = this.paramGroups.map((group) => group.lr);
    return {
      lrs,
      states: [...this.#states].map(([param, { step, slots }]) => ({ param, step, slots: cloneAll(slots) })),
    };
  }

  /** Puts rates, slots and step counts back exactly. */
  restore({ lrs, states }: OptimizerSnapshot): void {
    this.dispose();
    for (const { param, step, slots } of states) this.#states.set(param, { step, slots });
    for (const [index, group] of this.paramGroups.entries()) group.lr = lrs[index] ?? group.lr;
  }

  /** Frees the slots and forgets the step counts. */
  dispose(): void {
    for (const { slots } of this.#states.values()) disposeAll(slots);
    this.#states.clear();
  }
}

function toTensors(values: Readonly<Record<string, number>>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(value)]));
}

function cloneAll(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, keep(tensor.clone())]));
}

function disposeAll(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
