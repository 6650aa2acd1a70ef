import type { Constructor, Display, OptionsOf, Validator, Validators } from "@fulmine/core";
import type { Accelerator, AcceleratorReport } from "./acceleratorReport.js";
import { threadsFor } from "./threadsFor.js";
import { useAccelerator } from "./useAccelerator.js";

/** What the runtime adds to a Trainer's options. */
export interface AcceleratorTrainerOptions {
  /**
   * What to compute on. `"auto"` takes the fastest that can be had, but keeps what `useAccelerator` or, unless it is `cpu`,
   * `tf.setBackend` has chosen before. Where nothing is loaded yet, a small dense net gets one thread, for more would only
   * slow it down; `useAccelerator` and `TF_NUM_INTRAOP_THREADS` say otherwise. @defaultValue "auto"
   */
  readonly accelerator?: Accelerator;
}

/** What the runtime adds to a Trainer. */
export interface AcceleratorTrainer {
  /** What the Trainer computes on, `null` before its first run. */
  readonly accelerator: AcceleratorReport | null;
}

/** What the runtime needs of a Trainer. */
export interface AcceleratorHost {
  readonly display: Display;
  /** Awaited before anything else of a run. */
  ready(module: object): Promise<void>;
}

/** A Trainer's class that chooses its backend. */
export type WithAccelerator<TBase extends Constructor<AcceleratorHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & AcceleratorTrainerOptions) => InstanceType<TBase> & AcceleratorTrainer);

const accelerators: readonly Accelerator[] = ["auto", "gpu", "native", "webgpu", "wasm", "cpu"];
const accelerator: Validator = {
  expected: `one of ${accelerators.map((name) => JSON.stringify(name)).join(", ")}`,
  test: (value) => accelerators.some((name) => name === value),
};

/** Adds the option `accelerator` to a Trainer, which then loads a backend before its first run and says which. */
export function withAccelerator<
  TBase extends Constructor<AcceleratorHost> & { readonly optionEntries: Validators },
>(Base: TBase): WithAccelerator<TBase> {
  class Accelerated extends Base implements AcceleratorTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, accelerator };
    readonly #wanted: Accelerator;
    #accelerator: AcceleratorReport | null = null;

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor must be written so
    constructor(...args: any[]) {
      super(...(args as unknown[]));
      this.#wanted = (args[0] as AcceleratorTrainerOptions | undefined)?.accelerator ?? "auto";
    }

    get accelerator(): AcceleratorReport | null {
      return this.#accelerator;
    }

    override async ready(module: object): Promise<void> {
      if (this.#accelerator === null) {
        const threads = threadsFor(module);
        this.#accelerator = await useAccelerator(this.#wanted, {
          keepCurrent: true,
          ...(threads === undefined ? {} : { threads }),
        });
        this.display.info(this.#accelerator.line);
      }
      await super.ready(module);
    }
  }
  return Accelerated as unknown as WithAccelerator<TBase>;
}
