import type { Callback } from "../module/callback.js";
import type { HookArgs, HookName } from "../hooks/moduleHooks.js";
import type { Module } from "../module/module.js";
import type { Children } from "../ownership/children.js";
import type { Observers } from "../hooks/observers.js";
import type { TrainerView } from "../module/trainerView.js";

/** Everything that has hooks in a run. */
export interface HookListeners {
  readonly trainer: TrainerView;
  readonly module: Module;
  readonly callbacks: readonly Callback[];
  /** `null` in an isolated run, which observers do not see. */
  readonly observers: Observers | null;
  /** Searches that begin inside hooks. */
  readonly children: Children;
}

type CallbackHook<Name extends HookName> =
  ((trainer: TrainerView, module: Module, ...args: HookArgs[Name]) => void | Promise<void>) | undefined;
type Hook<Name extends HookName> = ((...args: HookArgs[Name]) => void | Promise<void>) | undefined;

/**
 * Calls all hooks of a run: ordinary callbacks in their order, then the module, then callbacks with a `role` (monitors
 * before those that save checkpoints), then observers.
 */
export class Hooks {
  readonly #listeners: HookListeners;
  readonly #ordinary: readonly Callback[];
  readonly #last: readonly Callback[];

  constructor(listeners: HookListeners) {
    const of = (wanted: Callback["role"]): Callback[] =>
      listeners.callbacks.filter(({ role }) => role === wanted);
    this.#listeners = listeners;
    this.#ordinary = of(undefined);
    this.#last = [...of("monitor"), ...of("checkpoint")];
  }

  /** The Trainer and the module of the run. */
  get owners(): Pick<HookListeners, "trainer" | "module"> {
    return this.#listeners;
  }

  /** The callbacks, in the order in which they were given. */
  get callbacks(): readonly Callback[] {
    return this.#listeners.callbacks;
  }

  /** Calls a hook wherever it is defined and awaits each in turn. */
  async call<Name extends HookName>(name: Name, ...args: HookArgs[Name]): Promise<void> {
    if (!this.isHeard(name)) return;
    await this.callOrdinary(name, ...args);
    await this.callLast(name, ...args);
  }

  /** Calls ordinary callbacks and the module, but not callbacks with a `role`; {@link Hooks.callLast} must follow. */
  async callOrdinary<Name extends HookName>(name: Name, ...args: HookArgs[Name]): Promise<void> {
    await this.#callAll(this.#ordinary, name, args);
    const { children, module } = this.#listeners;
    const pending = children.during(() => (module[name] as Hook<Name>)?.call(module, ...args));
    if (pending !== undefined) await pending;
  }

  /** Calls callbacks with a `role`, then observers. */
  async callLast<Name extends HookName>(name: Name, ...args: HookArgs[Name]): Promise<void> {
    await this.#callAll(this.#last, name, args);
    this.#listeners.observers?.notify(name, args);
  }

  /** Whether anything listens to a hook. Most hooks of a step have no listener and then cost no `await`. */
  isHeard(name: HookName): boolean {
    const { callbacks, module, observers } = this.#listeners;
    return (
      module[name] !== undefined ||
      callbacks.some((callback) => callback[name] !== undefined) ||
      (observers?.listenerCount(name) ?? 0) > 0
    );
  }

  async #callAll<Name extends HookName>(
    callbacks: readonly Callback[],
    name: Name,
    args: HookArgs[Name],
  ): Promise<void> {
    const { children, trainer, module } = this.#listeners;
    for (const callback of callbacks) {
      const pending = children.during(() =>
        (callback[name] as CallbackHook<Name>)?.call(callback, trainer, module, ...args),
      );
      if (pending !== undefined) await pending;
    }
  }
}
