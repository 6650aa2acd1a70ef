import {
  type Constructor,
  type Display,
  type OptionsOf,
  type Requirement,
  type Requirements,
  findVariables,
} from "@fulmine/core";
import type { Accelerator, AcceleratorReport } from "./accelerator/acceleratorReport.js";
import { useAccelerator } from "./accelerator/useAccelerator.js";

/** The options that {@link withAccelerator} adds to a Trainer. */
export interface AcceleratorTrainerOptions {
  /**
   * The accelerator. `"auto"` keeps the backend that `useAccelerator` activated, or that `tf.setBackend` activated unless
   * it is `cpu`; otherwise it loads the fastest available one. If this loads the native backend, a small dense network runs
   * on one thread, which is faster; `useAccelerator` and `TF_NUM_INTRAOP_THREADS` have priority.
   *
   * @defaultValue `"auto"`
   */
  readonly accelerator?: Accelerator;
}

/** The members that {@link withAccelerator} adds to a Trainer. */
export interface AcceleratorTrainer {
  /** The accelerator in use; `null` before the first run. */
  readonly accelerator: AcceleratorReport | null;
}

/** The members of a Trainer that {@link withAccelerator} uses. */
export interface AcceleratorHost {
  readonly display: Display;
  /** Awaited at the beginning of every run. */
  ready(module: object): Promise<void>;
}

/** A Trainer class with the option `accelerator`. */
export type WithAccelerator<TBase extends Constructor<AcceleratorHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & AcceleratorTrainerOptions) => InstanceType<TBase> & AcceleratorTrainer);

const accelerators: readonly Accelerator[] = ["auto", "gpu", "native", "webgpu", "wasm", "cpu"];
const accelerator: Requirement = {
  words: `one of ${accelerators.map((name) => JSON.stringify(name)).join(", ")}`,
  holds: (value) => accelerators.some((name) => name === value),
};

/** Adds the option `accelerator` to a Trainer. The Trainer loads a backend before its first run and displays its name. */
export function withAccelerator<
  TBase extends Constructor<AcceleratorHost> & { readonly optionEntries: Requirements },
>(Base: TBase): WithAccelerator<TBase> {
  class Accelerated extends Base implements AcceleratorTrainer {
    static override readonly optionEntries: Requirements = { ...Base.optionEntries, accelerator };
    readonly #requested: Accelerator;
    #accelerator: AcceleratorReport | null = null;

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires this signature of a mixin
    constructor(...args: any[]) {
      super(...(args as unknown[]));
      this.#requested = (args[0] as AcceleratorTrainerOptions | undefined)?.accelerator ?? "auto";
    }

    get accelerator(): AcceleratorReport | null {
      return this.#accelerator;
    }

    override async ready(module: object): Promise<void> {
      if (this.#accelerator === null) {
        const threads = threadsFor(module);
        this.#accelerator = await useAccelerator(this.#requested, {
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

/** A module without convolutions is faster on one thread than on two if it has at most this many parameters. */
const SMALL = 500_000;

/**
 * Gets the number of threads that trains a module fastest: 1 for small dense networks, because distributing their operations
 * takes longer than the operations. Source: steps of networks with 10,000 to 2,000,000 parameters on two cores, see
 * `bench/speed.md`.
 *
 * @returns The number; `undefined` for the number of cores.
 */
function threadsFor(module: object): number | undefined {
  const { all } = findVariables(module);
  const hasConvolution = all.some(({ shape }) => shape.length > 2);
  const parameters = all.reduce((sum, { size }) => sum + size, 0);
  return hasConvolution || parameters > SMALL ? undefined : 1;
}
