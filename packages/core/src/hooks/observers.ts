import { EventEmitter } from "eventemitter3";
import type { HookArgs, HookName } from "./moduleHooks.js";

/** A listener to a hook; its return value is ignored. */
export type HookListener<Name extends HookName> = (...args: HookArgs[Name]) => unknown;

/** The events of {@link Observers}: one per hook, with the hook's arguments. */
export type HookEvents = { [Name in HookName]: (...args: HookArgs[Name]) => void };

/**
 * An event emitter for code that only observes a run. Its events are the hooks, with the same names and arguments.
 *
 * The run does not wait for listeners. An error in a listener, thrown or rejected, is reported, and affects neither the run
 * nor other listeners.
 */
export class Observers extends EventEmitter<HookEvents> {
  readonly #report: (error: unknown, event: HookName) => void;
  readonly #guarded = new WeakMap<object, () => void>();

  constructor(report: (error: unknown, event: HookName) => void) {
    super();
    this.#report = report;
  }

  /** Adds a listener. */
  override on<Name extends HookName>(event: Name, listener: HookListener<Name>, context?: unknown): this {
    return super.on(event, this.#guard(event, listener), context);
  }

  /** Alias of `on`. */
  override addListener<Name extends HookName>(
    event: Name,
    listener: HookListener<Name>,
    context?: unknown,
  ): this {
    return this.on(event, listener, context);
  }

  /** Adds a listener for the next event only. */
  override once<Name extends HookName>(event: Name, listener: HookListener<Name>, context?: unknown): this {
    return super.once(event, this.#guard(event, listener), context);
  }

  /** Removes a listener that was added by `on` or `once`; without a listener, all of the event. */
  override off<Name extends HookName>(
    event: Name,
    listener?: HookListener<Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return super.off(event, listener && (this.#guarded.get(listener) ?? listener), context, once);
  }

  /** Alias of `off`. */
  override removeListener<Name extends HookName>(
    event: Name,
    listener?: HookListener<Name>,
    context?: unknown,
    once?: boolean,
  ): this {
    return this.off(event, listener, context, once);
  }

  /** Notifies the listeners of an event. */
  notify<Name extends HookName>(event: Name, args: HookArgs[Name]): void {
    // The types of the emitter can't relate a generic event name to its arguments.
    (this as EventEmitter<Record<HookName, (...args: unknown[]) => void>>).emit(event, ...args);
  }

  #guard<Name extends HookName>(
    event: Name,
    listener: HookListener<Name>,
  ): (...args: HookArgs[Name]) => void {
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
