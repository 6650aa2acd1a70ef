import {
  dispose,
  fill,
  keep,
  scalar,
  tidy,
  zerosLike,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { FulmineError } from "../errors/fulmineError.js";
import { isTensor } from "../tensors/isTensor.js";
import { shared } from "../tensors/shared.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerSnapshot, SlotNames } from "./optimizerState.js";
import type { ParamGroup } from "./paramGroup.js";
import type { PlannedStep } from "./plannedStep.js";
import type { NamedTensors, Updated, UpdateRule } from "./updateRule.js";

interface ParamState {
  step: number;
  slots: NamedTensors;
  slotNames: readonly string[];
  /** The settings for which the slots were created last. */
  madeFor?: object;
}

/** The names of one update's scalars and the index of the first one among all scalars. */
interface NamedPlaces {
  readonly names: readonly string[];
  readonly first: number;
}

interface Update<Settings> {
  readonly param: Variable;
  readonly state: ParamState;
  readonly places: NamedPlaces;
  readonly options: Settings;
}

/**
 * Applies an update rule to a module's parameters, and stores their slots and step counts.
 *
 * {@link makeOptimizer}, `sgd`, `adam` and others create it. The Trainer attaches it to the module's variables.
 */
export class RuleOptimizer<Settings extends object = object> extends Optimizer<Settings> {
  readonly #states = new Map<Variable, ParamState>();
  readonly #rule: UpdateRule<Settings>;

  constructor(rule: UpdateRule<Settings>, groups: readonly ParamGroup<Settings>[]) {
    super(groups);
    this.#rule = rule;
  }

  override get name(): string {
    return this.#rule.name;
  }

  /**
   * Takes one step. Parameters without a gradient do not change.
   *
   * @throws FulmineError `INVALID_STEP` if a gradient is disposed, or differs from its parameter in shape or type;
   * nothing changes then.
   */
  override step(gradients: ReadonlyMap<Variable, Tensor>): void {
    requireGradients(gradients);
    const planned = this.#plan((param) => gradients.has(param));
    planned.commit(
      tidy(() =>
        planned.apply(
          gradients,
          planned.scalars.map((value) => scalar(value)),
        ),
      ),
    );
  }

  override plan(reached: ReadonlySet<Variable> | null): PlannedStep | null {
    const planned = this.#plan((param) => this.#states.has(param) && (reached?.has(param) ?? true));
    return planned.params.length === 0 ? null : planned;
  }

  #plan(isReached: (param: Variable) => boolean): PlannedStep {
    const updates: Update<Settings>[] = [];
    const scalars: number[] = [];
    const current: Tensor[] = [];
    const guards: unknown[] = [this.#rule];
    for (const group of this.paramGroups) {
      const settings = { ...group.options, lr: group.lr };
      guards.push(structureOf(group.options));
      // The parameters of a group are usually at the same step, so they share scalars.
      const scalarsAt = new Map<number, NamedPlaces>();
      for (const param of group.params ?? []) {
        if (!isReached(param)) continue;
        const state = this.#stateOf(param, group.options);
        const step = state.step + 1;
        const places = scalarsAt.get(step) ?? append(scalars, this.#rule.scalars(settings, step));
        scalarsAt.set(step, places);
        updates.push({ param, state, places, options: group.options });
        for (const name of state.slotNames) current.push(state.slots[name] as Tensor);
        guards.push(param, places.first);
      }
    }
    return {
      params: updates.map(({ param }) => param),
      scalars,
      slots: current,
      guards,
      apply: (gradients, tensors) => updates.flatMap((update) => this.#apply(update, gradients, tensors)),
      commit: (slots) => {
        let next = 0;
        for (const { state } of updates) {
          for (const name of state.slotNames) replaceSlot(state, name, slots[next++] as Tensor);
          state.step += 1;
        }
      },
    };
  }

  #apply(
    { param, state, places, options }: Update<Settings>,
    gradients: ReadonlyMap<Variable, Tensor>,
    tensors: readonly Scalar[],
  ): Tensor[] {
    const grad = gradients.get(param) as Tensor;
    const scalars = Object.fromEntries(
      places.names.map((name, index) => [name, tensors[places.first + index] as Scalar]),
    );
    // Disposes the intermediate values of the update.
    return tidy(() => {
      const given: unknown = this.#rule.update({ param, grad, slots: state.slots, scalars, options });
      const next = (given ?? {}) as Partial<Updated<NamedTensors>>;
      const slots = state.slotNames.map((name) => next.slots?.[name]);
      if (!isTensor(next.param) || !slots.every(isTensor)) throw noUpdate(this.name, given);
      const own = owned(slots, state, [
        param,
        grad,
        ...Object.values(state.slots),
        ...Object.values(scalars),
      ]);
      if (next.param !== param) param.assign(next.param);
      // Dispose the old slots now, not after all updates: memory may not hold two sets of slots of a large model.
      for (const [index, name] of state.slotNames.entries()) replaceSlot(state, name, own[index] as Tensor);
      return own;
    });
  }

  /** Gets a parameter's state and creates the slots that the current settings need. */
  #stateOf(param: Variable, options: Settings): ParamState {
    const state: ParamState = this.#states.get(param) ?? { step: 0, slots: {}, slotNames: [] };
    if (state.madeFor === options) return state;
    for (const [name, value = 0] of Object.entries(this.#rule.slots(options))) {
      if (name in state.slots) continue;
      const slot = keep(value === 0 ? zerosLike(param) : fill(param.shape, value));
      state.slots = { ...state.slots, [name]: slot };
    }
    state.slotNames = Object.keys(state.slots);
    state.madeFor = options;
    this.#states.set(param, state);
    return state;
  }

  override slotNames(options: Settings): SlotNames {
    return { names: Object.keys(this.#rule.slots(options)), areNeeded: true };
  }

  override snapshot(): OptimizerSnapshot<Settings> {
    return {
      groups: this.paramGroups.map(({ lr, options }) => ({ lr, options })),
      states: [...this.#states].map(([param, { step, slots }]) => ({ param, step, slots: cloneAll(slots) })),
      shared: {},
    };
  }

  override restore({ groups, states }: OptimizerSnapshot<Settings>): void {
    this.dispose();
    for (const { param, step, slots } of states)
      this.#states.set(param, { step, slots, slotNames: Object.keys(slots) });
    for (const [index, group] of this.paramGroups.entries()) Object.assign(group, groups[index]);
  }

  override dispose(): void {
    for (const { slots } of this.#states.values()) dispose(slots);
    this.#states.clear();
  }
}

/**
 * Makes each new slot a tensor of its own.
 *
 * A rule may return a tensor twice, or one of its inputs, which is disposed or assigned later.
 */
function owned(slots: readonly Tensor[], state: ParamState, given: readonly Tensor[]): Tensor[] {
  const used = new Set(given);
  return slots.map((slot, index) => {
    if (slot === state.slots[state.slotNames[index] as string]) return slot;
    if (used.has(slot)) return shared(slot);
    used.add(slot);
    return slot;
  });
}

/** Replaces a slot, unless its value was updated in place. */
function replaceSlot(state: ParamState, name: string, slot: Tensor): void {
  const before = state.slots[name];
  if (slot === before) return;
  before?.dispose();
  state.slots = { ...state.slots, [name]: keep(slot) };
}

function noUpdate(name: string, received: unknown): FulmineError {
  return new FulmineError(
    "INVALID_STEP",
    `The update of the optimizer \`${name}\` must return { param, slots }, all of them tensors.`,
    {
      received,
      todo: "Return the new value of the parameter and of each slot of the rule.",
    },
  );
}

function append(scalars: number[], values: Readonly<Record<string, number>>): NamedPlaces {
  const first = scalars.length;
  scalars.push(...Object.values(values));
  return { names: Object.keys(values), first };
}

/** Encodes the settings that may decide which graph an update runs. */
function structureOf(options: object): string {
  let structure = structures.get(options);
  if (structure === undefined) {
    // A schedule may change the momentum in each step. It enters the update as a scalar, so only whether it is 0 matters.
    structure = JSON.stringify(options, (name, value: unknown) =>
      name === "momentum" || name === "betas" ? [value].flat().map((momentum) => momentum === 0) : value,
    );
    structures.set(options, structure);
  }
  return structure;
}

const structures = new WeakMap<object, string>();

function cloneAll(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, shared(tensor)]));
}

/**
 * Checks the gradients before a step changes anything.
 *
 * @throws FulmineError `INVALID_STEP` if one is disposed, or differs from its parameter in shape or type.
 */
function requireGradients(gradients: ReadonlyMap<Variable, Tensor>): void {
  for (const [variable, gradient] of gradients) {
    const { name } = variable;
    if (gradient.isDisposed) {
      throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" is disposed.`, {
        todo: "Compute new gradients for each step: `manualStep` disposes the gradients that it takes.",
      });
    }
    const kind = kindOf(variable);
    if (kindOf(gradient) === kind) continue;
    throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" must be ${kind}.`, {
      received: kindOf(gradient),
      todo: "Pass a gradient of the variable's shape and type.",
    });
  }
}

function kindOf({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(", ")}]`;
}
