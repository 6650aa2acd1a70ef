/** A class whose instances are `T`, as the base of a mixin. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires it of a mixin's base
export type Constructor<T = object> = new (...args: any[]) => T;

/** The options of a class: its constructor's first parameter. */
export type OptionsOf<TBase> = TBase extends new (options?: infer Options) => unknown
  ? NonNullable<Options>
  : never;
