import { EventEmitter } from "eventemitter3";
import type { HookArgs, HookName } from "./hookArgs.js";

type Listener<Name extends HookName> = (...args: HookArgs[Name]) => unknown;
type Events = { [Name in HookName]: (...args: HookArgs[Name]) => void };

/**
 * An emitter of a run's moments for those who only watch.
 *
 * Emitting never waits, and a listener that throws, at once or later, is reported and disturbs neither the run nor the
 * other listeners.
 */
export class Observers extends EventEmitter<Events> {
  readonly #report: (error: unknown, event: HookName) => void;
  readonly #guarded = new WeakMap<object, () => void>();

  constructor(report: (error: unknown, event: HookName) => void) {
    super();
    this.#report = report;
  }

  override on<Name extends HookName>(event: Name, listener: Listener<Name>, context?: unknown): this {
    return super.on(event, this.#guard(event, listener), context);
  }

  /** The same as `on`. */
  override addListener<Name extends HookName>(
    event: Name,
    listener: Listener<Name>,
    context?: unknown,
  ): this {
    return this.on(event, listener, context);
  }

  override once<Name extends HookName>(event: Name, listener: Listener<Name>, context?: unknown): this {
    return super.once(event, this.#guard(event, listener), context);
  }

  /** Ends what `on` or `once` began. */
  override off<Name extends HookName>(
    event: Name,
    listener?: Listener<Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return super.off(event, listener && (this.#guarded.get(listener) ?? listener), context, once);
  }

  override removeListener<Name extends HookName>(
    event: Name,
    listener?: Listener<Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return this.off(event, listener, context, once);
  }

  /** Emits a moment. */
  tell<Name extends HookName>(event: Name, args: HookArgs[Name]): void {
    // The emitter's own typing can't follow a generic event name to its arguments.
    (this as EventEmitter<Record<HookName, (...args: unknown[]) => void>>).emit(event, ...args);
  }

  #guard<Name extends HookName>(event: Name, listener: Listener<Name>): (...args: HookArgs[Name]) => void {
    const report = (error: unknown): void => this.#report(error, event);
    const guarded = (...args: HookArgs[Name]): void => {
      try {
        const result = listener(...args);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    };
    this.#guarded.set(listener, guarded);
    return guarded;
  }
}
