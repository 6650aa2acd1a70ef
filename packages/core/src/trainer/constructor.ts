/** Any class whose instances are `T`; what a mixin takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires it of a mixin's base
export type Constructor<T = object> = new (...args: any[]) => T;

/** The options that a class takes as its first argument; what a mixin adds its own to. */
export type OptionsOf<TBase> = TBase extends new (options?: infer Options) => unknown
  ? NonNullable<Options>
  : never;
