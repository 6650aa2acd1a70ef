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
import type { OptimizerSnapshot, ParamGroup } from "./optimizerState.js";
import type { PlannedStep } from "./plannedStep.js";
import type { NamedTensors, Updated, UpdateRule } from "./updateRule.js";

interface ParamState {
  step: number;
  slots: NamedTensors;
  slotNames: readonly string[];
  /** The settings that the slots were last made for. */
  madeFor?: object;
}

/** Where a group's scalars stand among all of them. */
interface NamedPlaces {
  readonly names: readonly string[];
  readonly first: number;
}

interface Update<Options> {
  readonly param: Variable;
  readonly state: ParamState;
  readonly places: NamedPlaces;
  readonly options: Options;
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

  /** @throws {@link FulmineError} `INVALID_STEP` when a gradient can't be its parameter's; nothing has changed then. */
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
    const updates: Update<Options>[] = [];
    const scalars: number[] = [];
    const present: Tensor[] = [];
    const guards: unknown[] = [this.#rule];
    for (const group of this.paramGroups) {
      const settings = { ...group.options, lr: group.lr };
      guards.push(structureOf(group.options));
      // Parameters nearly always stand at the same step, so their scalars are made once.
      const scalarsAt = new Map<number, NamedPlaces>();
      for (const param of group.params ?? []) {
        if (!isReached(param)) continue;
        const state = this.#stateOf(param, group.options);
        const step = state.step + 1;
        const places = scalarsAt.get(step) ?? append(scalars, this.#rule.scalars(settings, step));
        scalarsAt.set(step, places);
        updates.push({ param, state, places, options: group.options });
        for (const name of state.slotNames) present.push(state.slots[name] as Tensor);
        guards.push(param, places.first);
      }
    }
    return {
      params: updates.map(({ param }) => param),
      scalars,
      slots: present,
      guards,
      apply: (gradients, tensors) => updates.flatMap((update) => this.#apply(update, gradients, tensors)),
      commit: (slots) => {
        let next = 0;
        for (const { state } of updates) {
          for (const name of state.slotNames) takeUp(state, name, slots[next++] as Tensor);
          state.step += 1;
        }
      },
    };
  }

  #apply(
    { param, state, places, options }: Update<Options>,
    gradients: ReadonlyMap<Variable, Tensor>,
    tensors: readonly Scalar[],
  ): Tensor[] {
    const grad = gradients.get(param) as Tensor;
    const scalars = Object.fromEntries(
      places.names.map((name, index) => [name, tensors[places.first + index] as Scalar]),
    );
    // Of what the update computes on the way, nothing outlives it.
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
      // The present slots are freed here and not after all updates: a large model's memory has room for one set.
      for (const [index, name] of state.slotNames.entries()) takeUp(state, name, own[index] as Tensor);
      return own;
    });
  }

  /** A parameter's state, with every slot that its settings ask for by now. */
  #stateOf(param: Variable, options: Options): ParamState {
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

  override slotNames(options: Options): { readonly names: readonly string[]; readonly areNeeded: boolean } {
    return { names: Object.keys(this.#rule.slots(options)), areNeeded: true };
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
 * The next slots, each a tensor of its own. A rule may return one that it was given, or one twice; what it was given is
 * freed or gets another value.
 */
function owned(slots: readonly Tensor[], present: ParamState, given: readonly Tensor[]): Tensor[] {
  const taken = new Set(given);
  return slots.map((slot, index) => {
    if (slot === present.slots[present.slotNames[index] as string]) return slot;
    if (taken.has(slot)) return shared(slot);
    taken.add(slot);
    return slot;
  });
}

/** Replaces a slot, unless it has been given its next value in place. */
function takeUp(state: ParamState, name: string, slot: Tensor): void {
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
      todo: "Return the parameter's next value, and that of each slot that the rule has.",
    },
  );
}

function append(scalars: number[], values: Readonly<Record<string, number>>): NamedPlaces {
  const first = scalars.length;
  scalars.push(...Object.values(values));
  return { names: Object.keys(values), first };
}

/** What of an optimizer's settings may decide how an update is computed, beyond the scalars that it gives. */
function structureOf(options: object): string {
  let structure = structures.get(options);
  if (structure === undefined) {
    // Schedules move a momentum; it comes to the update as a scalar, and only whether there is one decides.
    structure = JSON.stringify(options, (name, value: unknown) =>
      name === "momentum" || name === "betas" ? [value].flat().map((share) => share === 0) : value,
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
 * Checks that each gradient can be its parameter's, before a step frees or changes anything.
 *
 * @throws {@link FulmineError} `INVALID_STEP` when one is disposed, or has another shape or type.
 */
export function requireGradients(gradients: ReadonlyMap<Variable, Tensor>): void {
  for (const [variable, gradient] of gradients) {
    const { name } = variable;
    if (gradient.isDisposed) {
      throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" is disposed.`, {
        todo: "Give each step gradients of its own; `manualStep` disposes those that it gets.",
      });
    }
    const kind = kindOf(variable);
    if (kindOf(gradient) === kind) continue;
    throw new FulmineError("INVALID_STEP", `The gradient of the variable "${name}" must be ${kind}.`, {
      received: kindOf(gradient),
      todo: "Give each variable a gradient of its own shape and type.",
    });
  }
}

function kindOf({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(", ")}]`;
}
