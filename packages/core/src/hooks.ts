import type { Callback } from "./callback.js";
import type { HookArgs, HookName } from "./hookArgs.js";
import type { Module } from "./module.js";
import type { Observers } from "./observers.js";
import type { Trainer } from "./trainer.js";

/** Who hears of a run's moments. */
export interface HookListeners {
  readonly trainer: Trainer;
  readonly module: Module;
  readonly callbacks: readonly Callback[];
  /** `null` where observers are to hear nothing. */
  readonly observers: Observers | null;
}

type CallbackHook<Name extends HookName> =
  ((trainer: Trainer, module: Module, ...args: HookArgs[Name]) => void | Promise<void>) | undefined;
type Hook<Name extends HookName> = ((...args: HookArgs[Name]) => void | Promise<void>) | undefined;

/** The one place from which hooks are called: callbacks in their order, then the module, then observers. */
export class Hooks {
  readonly #listeners: HookListeners;

  constructor(listeners: HookListeners) {
    this.#listeners = listeners;
  }

  /** The callbacks, in the order in which they are called. */
  get callbacks(): readonly Callback[] {
    return this.#listeners.callbacks;
  }

  /** Calls a hook wherever it is defined and awaits each in turn. */
  async call<Name extends HookName>(name: Name, ...args: HookArgs[Name]): Promise<void> {
    const { trainer, module, callbacks, observers } = this.#listeners;
    for (const callback of callbacks) {
      const pending = (callback[name] as CallbackHook<Name>)?.call(callback, trainer, module, ...args);
      if (pending !== undefined) await pending;
    }
    const pending = (module[name] as Hook<Name>)?.call(module, ...args);
    if (pending !== undefined) await pending;
    observers?.tell(name, args);
  }
}
