import { findVariables, type TrainerOptions, type TrainerView } from "@fulmine/core";
import { mixed, oneOf, type Mixed, type TrainerClass, type Validators } from "@fulmine/core/plugin";
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
export interface AcceleratorHost extends Pick<TrainerView, "display"> {
  readonly options: Readonly<TrainerOptions & AcceleratorTrainerOptions>;
  /** Awaited at the beginning of every run. */
  ready(module: object): Promise<void>;
}

/** A Trainer class with the option `accelerator`. */
export type WithAccelerator<TBase extends TrainerClass<AcceleratorHost>> = Mixed<
  TBase,
  AcceleratorTrainerOptions,
  AcceleratorTrainer
>;

const accelerator = oneOf("auto", "gpu", "native", "webgpu", "wasm", "cpu");

/** Adds the option `accelerator` to a Trainer. The Trainer loads a backend before its first run and displays its name. */
export function withAccelerator<TBase extends TrainerClass<AcceleratorHost>>(
  Base: TBase,
): WithAccelerator<TBase> {
  class Accelerated extends Base implements AcceleratorTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, accelerator };
    #accelerator: AcceleratorReport | null = null;

    get accelerator(): AcceleratorReport | null {
      return this.#accelerator;
    }

    override async ready(module: object): Promise<void> {
      if (this.#accelerator === null) {
        const threads = threadsFor(module);
        this.#accelerator = await useAccelerator(this.options.accelerator ?? "auto", {
          keepCurrent: true,
          ...(threads === undefined ? {} : { threads }),
        });
        this.display.info(this.#accelerator.line);
      }
      await super.ready(module);
    }
  }
  return mixed<TBase, AcceleratorTrainerOptions, AcceleratorTrainer>(Accelerated);
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
