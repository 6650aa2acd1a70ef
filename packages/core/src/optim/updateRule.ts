import type { Scalar, Tensor } from "@tensorflow/tfjs-core";

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The result of an update. */
export interface Updated<Slots> {
  /** The parameter's new value. */
  readonly param: Tensor;
  /** The slots' new values. */
  readonly slots: Slots;
}

/** The input of an update. */
export interface UpdateInput<Settings, Slots, ScalarName extends string> {
  /** The parameter's current value. */
  readonly param: Tensor;
  /** The gradient, of the parameter's shape. */
  readonly grad: Tensor;
  /** The slots' current values, each of the parameter's shape. */
  readonly slots: Slots;
  /** The result of {@link UpdateRule.scalars} for this step, as float32 scalars. */
  readonly scalars: Readonly<Record<ScalarName, Scalar>>;
  /** The settings of the parameter's group. */
  readonly options: Settings;
}

/**
 * An optimizer's mathematics: a pure function that updates one parameter.
 *
 * Numbers that change from step to step, such as the learning rate or bias corrections, are computed in float64 by
 * `scalars` and passed to the update as scalar tensors. So the update runs the same graph at each step.
 */
export interface UpdateRule<
  Settings,
  Slots extends NamedTensors = NamedTensors,
  ScalarName extends string = string,
> {
  /** The optimizer's name in messages and checkpoints. */
  readonly name: string;
  /** The slots that each parameter has with these settings, and the number that fills each before the first step. */
  slots(options: Settings): Readonly<Partial<Record<keyof Slots & string, number>>>;
  /**
   * Computes the numbers that the update needs.
   *
   * @param step - The parameter's step, counted from 1.
   */
  scalars(options: Settings & { readonly lr: number }, step: number): Readonly<Record<ScalarName, number>>;
  /** Computes the update. It must be a pure function, except that it may dispose slots that it has used. */
  update(input: UpdateInput<Settings, Slots, ScalarName>): Updated<Slots>;
}
