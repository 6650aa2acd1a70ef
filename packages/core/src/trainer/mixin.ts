import type { Validators } from "../options/validators.js";

/** Any class whose instances are `T`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires it of a mixin's base
export type Constructor<T = object> = new (...args: any[]) => T;

/** The options that a class takes as its first argument. */
export type OptionsOf<TBase> = TBase extends new (options: infer Options) => unknown
  ? NonNullable<Options>
  : never;

/**
 * A Trainer class that a mixin can extend.
 *
 * @typeParam Host - The part of the Trainer that the mixin uses. Let its `options` include the mixin's own options: the
 * mixin then reads them from `this.options` and needs no constructor.
 */
export type TrainerClass<Host extends object = object> = Constructor<Host> & {
  /** The validators of the options by name. */
  readonly optionEntries: Validators;
};

/**
 * The class that a mixin returns: the base class with more options and more members.
 *
 * @typeParam Options - The options that the mixin adds.
 * @typeParam Added - The members that the mixin adds.
 */
export type Mixed<TBase extends Constructor, Options, Added> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & Options) => InstanceType<TBase> & Added);

/**
 * Gives a mixin's class the type {@link Mixed}. TypeScript can't infer it, because `TBase` is generic.
 *
 * @example
 * ```ts
 * function withClock<TBase extends TrainerClass<ClockHost>>(Base: TBase): Mixed<TBase, ClockOptions, ClockTrainer> {
 *   class Clocked extends Base implements ClockTrainer { … }
 *   return mixed<TBase, ClockOptions, ClockTrainer>(Clocked);
 * }
 * ```
 */
export function mixed<TBase extends Constructor, Options, Added>(
  Extended: Constructor<Added>,
): Mixed<TBase, Options, Added> {
  return Extended as unknown as Mixed<TBase, Options, Added>;
}
