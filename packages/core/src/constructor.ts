/** Any class whose instances are `T`; what a mixin takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires it of a mixin's base
export type Constructor<T = object> = new (...args: any[]) => T;
