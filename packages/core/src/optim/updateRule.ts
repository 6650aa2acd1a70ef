import type { Scalar, Tensor } from "@tensorflow/tfjs-core";

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** What an update gives: the parameter's next value and the slots' next values. */
export interface Updated<Slots> {
  readonly param: Tensor;
  readonly slots: Slots;
}

/** What an update is computed from. */
export interface UpdateInput<Options, Slots, ScalarName extends string> {
  readonly param: Tensor;
  readonly grad: Tensor;
  readonly slots: Slots;
  /** What {@link UpdateRule.scalars} gave for this step, as float32 scalars. */
  readonly scalars: Readonly<Record<ScalarName, Scalar>>;
  readonly options: Options;
}

/**
 * An optimizer as mathematics: a pure update of one parameter.
 *
 * Everything that changes from step to step and is not a tensor (the rate, bias corrections) is computed in float64 by
 * `scalars` and fed as scalar tensors, so that the update itself is the same graph at each step.
 */
export interface UpdateRule<
  Options,
  Slots extends NamedTensors = NamedTensors,
  ScalarName extends string = string,
> {
  /** The optimizer's name, for messages and checkpoints. */
  readonly name: string;
  /** The slots that a parameter has under these options, each with the number that fills it before the first step. */
  slots(options: Options): Readonly<Partial<Record<keyof Slots & string, number>>>;
  /** The numbers that the update needs at a step, counted from 1. */
  scalars(options: Options & { readonly lr: number }, step: number): Readonly<Record<ScalarName, number>>;
  /** The update itself; a pure function of its input, except that it may free slots that it has used. */
  update(input: UpdateInput<Options, Slots, ScalarName>): Updated<Slots>;
}
