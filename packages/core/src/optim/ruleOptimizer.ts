import {
  fill,
  keep,
  scalar,
  tidy,
  zerosLike,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { shared } from "../shared.js";
import { Optimizer, type OptimizerSnapshot, type ParamGroup } from "./optimizer.js";
import type { NamedTensors, UpdateRule } from "./updateRule.js";

interface ParamState {
  step: number;
  slots: NamedTensors;
}

/**
 * Applies an update rule to a module's parameters and keeps its slots and step counts.
 *
 * Made by `sgd`, `adam` and the like; the Trainer attaches it to the module's variables.
 */
export class RuleOptimizer<Options extends object = object> extends Optimizer<Options> {
  readonly #states = new Map<Variable, ParamState>();
  readonly #rule: UpdateRule<Options>;

  constructor(rule: UpdateRule<Options>, groups: readonly ParamGroup<Options>[]) {
    super(groups);
    this.#rule = rule;
  }

  override get name(): string {
    return this.#rule.name;
  }

  override step(gradients: ReadonlyMap<Variable, Tensor>): void {
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

  /** A parameter's state, with every slot that its settings ask for by now. */
  #stateOf(param: Variable, options: Options): ParamState {
    const state = this.#states.get(param) ?? { step: 0, slots: {} };
    for (const [name, value = 0] of Object.entries(this.#rule.slots(options))) {
      if (name in state.slots) continue;
      const slot = keep(value === 0 ? zerosLike(param) : fill(param.shape, value));
      state.slots = { ...state.slots, [name]: slot };
    }
    this.#states.set(param, state);
    return state;
  }

  override snapshot(): OptimizerSnapshot<Options> {
    return {
      groups: this.paramGroups.map(({ lr, options }) => ({ lr, options })),
      states: [...this.#states].map(([param, { step, slots }]) => ({ param, step, slots: cloneAll(slots) })),
      shared: {},
    };
  }

  override restore({ groups, states }: OptimizerSnapshot<Options>): void {
    this.dispose();
    for (const { param, step, slots } of states) this.#states.set(param, { step, slots });
    for (const [index, group] of this.paramGroups.entries()) Object.assign(group, groups[index]);
  }

  override dispose(): void {
    for (const { slots } of this.#states.values()) disposeAll(slots);
    this.#states.clear();
  }
}

function toTensors(values: Readonly<Record<string, number>>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(value)]));
}

function cloneAll(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, shared(tensor)]));
}

function disposeAll(tensors: NamedTensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
