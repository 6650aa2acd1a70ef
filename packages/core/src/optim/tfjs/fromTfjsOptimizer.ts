import { variable, type Optimizer as TfjsOptimizer, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../../errors/fulmineError.js";
import { isObject } from "../../options/validators.js";
import { safely } from "../../options/checkOptions.js";
import { shared } from "../../tensors/shared.js";
import { recordOrigin } from "../origin.js";
import { Optimizer } from "../optimizer.js";
import type { OptimizerSnapshot, SlotNames } from "../optimizerState.js";
import type { ParamGroup } from "../paramGroup.js";
import {
  rateOf,
  setIterations,
  setRate,
  setSettings,
  setSharedTensor,
  settingsOf,
  sharedTensorsOf,
  slotListsOf,
  type TfjsSettings,
} from "./tfjsInternals.js";
import type { NamedTensors } from "../updateRule.js";

const adapters = new WeakMap<TfjsOptimizer, AdaptedOptimizer>();

/**
 * Wraps a `tf.train` optimizer as an {@link Optimizer}.
 *
 * Its learning rate can be set and scheduled. Its complete state, including private accumulators, can be captured,
 * restored and saved. Each optimizer has one adapter. Disposing the adapter disposes the optimizer.
 *
 * @throws FulmineError `INVALID_OPTION` if it is not a `tf.train` optimizer with a learning rate.
 * @example
 * ```ts
 * configureOptimizers() { return fromTfjsOptimizer(tf.train.adam(this.hparams.lr)); }
 * ```
 */
export function fromTfjsOptimizer(optimizer: TfjsOptimizer): Optimizer<TfjsSettings> {
  const known = adapters.get(optimizer);
  if (known !== undefined) return known;
  const isOptimizer = safely(
    () => isObject(optimizer, "applyGradients", "getClassName") && Number.isFinite(rateOf(optimizer)),
  );
  if (!isOptimizer) {
    throw new FulmineError("INVALID_OPTION", "`fromTfjsOptimizer` takes an optimizer with a learning rate.", {
      received: optimizer,
      todo: "Pass e.g. tf.train.adam(1e-3).",
    });
  }
  const adapter = new AdaptedOptimizer(optimizer);
  adapters.set(optimizer, adapter);
  return adapter;
}

class AdaptedOptimizer extends Optimizer<TfjsSettings> {
  override readonly name: string;
  readonly #inner: TfjsOptimizer;
  #isDisposed = false;

  constructor(inner: TfjsOptimizer) {
    super([groupOf(inner)]);
    this.#inner = inner;
    // The optimizer is as old as its oldest tensor; without tensors, its age is unknown.
    const ids = sharedTensorsOf(inner).map(([, { id }]) => id);
    recordOrigin(this, { object: inner, at: Math.min(...ids, ids.length === 0 ? -1 : Infinity) });
    this.name = `tf.train/${inner.getClassName()}`;
  }

  override attach(variables: readonly Variable[]): void {
    this.#requireAlive();
    super.attach(variables);
    for (const [, slots] of slotListsOf(this.#inner)) {
      for (const [index, { originalName }] of slots.entries()) {
        if (originalName.startsWith(`${this.params[index]?.name ?? ""}/`)) continue;
        throw new FulmineError("INVALID_STATE", `\`${this.name}\` has already trained other variables.`, {
          received: originalName,
          todo: "TensorFlow.js identifies slots by position: make a new optimizer for each module.",
        });
      }
    }
  }

  override step(gradients: ReadonlyMap<Variable, Tensor>): void {
    this.#requireAlive();
    const { params } = this;
    if (!params.some((param) => gradients.has(param))) return;
    // TensorFlow.js identifies slots by position, so pass all parameters each time. It skips those without a gradient,
    // although its types do not say so.
    this.#inner.applyGradients(
      params.map((param) => ({ name: param.name, tensor: gradients.get(param) as Tensor })),
    );
  }

  override slotNames(): SlotNames {
    return { names: slotListsOf(this.#inner).map(([name]) => name), areNeeded: false };
  }

  override snapshot(): OptimizerSnapshot<TfjsSettings> {
    this.#requireAlive();
    const lists = slotListsOf(this.#inner);
    return {
      groups: this.paramGroups.map(({ lr, options }) => ({ lr, options })),
      states: this.params.map((param, index) => ({
        param,
        step: this.#inner.iterations,
        slots: cloneAll(lists.map(([name, slots]) => [name, slots[index]?.variable])),
      })),
      shared: cloneAll(sharedTensorsOf(this.#inner)),
    };
  }

  override restore({ groups, states, shared }: OptimizerSnapshot<TfjsSettings>): void {
    this.#requireAlive();
    for (const [index, group] of this.paramGroups.entries()) Object.assign(group, groups[index]);
    setIterations(this.#inner, states[0]?.step ?? 0);
    for (const [name, slots] of slotListsOf(this.#inner)) {
      for (const { variable: stale } of slots.splice(states.filter((state) => name in state.slots).length))
        stale.dispose();
      for (const [index, { param, slots: saved }] of states.entries()) {
        const value = saved[name];
        if (value === undefined) continue;
        const slot = slots[index];
        if (slot === undefined)
          slots.push({ originalName: `${param.name}/${name}`, variable: variable(value, false) });
        else slot.variable.assign(value);
        value.dispose();
      }
    }
    for (const [name, value] of Object.entries(shared)) setSharedTensor(this.#inner, name, value);
  }

  override dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#inner.dispose();
    // Some TensorFlow.js optimizers do not dispose all of their tensors.
    for (const [, tensor] of sharedTensorsOf(this.#inner)) if (!tensor.isDisposed) tensor.dispose();
  }

  #requireAlive(): void {
    if (!this.#isDisposed) return;
    throw new FulmineError("INVALID_STATE", `\`${this.name}\` was disposed and can't train any more.`, {
      todo: "Make a new one, best in configureOptimizers.",
    });
  }
}

function groupOf(inner: TfjsOptimizer): ParamGroup<TfjsSettings> {
  return {
    get lr() {
      return rateOf(inner);
    },
    set lr(lr) {
      setRate(inner, lr);
    },
    get options() {
      return settingsOf(inner);
    },
    set options(settings) {
      setSettings(inner, settings);
    },
  };
}

function cloneAll(tensors: readonly (readonly [string, Tensor | undefined])[]): NamedTensors {
  return Object.fromEntries(
    tensors.flatMap(([name, tensor]) => (tensor === undefined ? [] : [[name, shared(tensor)] as const])),
  );
}
