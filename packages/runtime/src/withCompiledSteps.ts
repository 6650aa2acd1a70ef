import {
  FulmineError,
  type Constructor,
  type Display,
  type OptionsOf,
  type Validator,
  type Validators,
  type StepRunner,
  type TrainerOptions,
} from "@fulmine/core";
import { makeStepCompiler, reasonAgainstCompiling } from "#native";
import { describeReport, type CompiledStepReport } from "./compile/compileReport.js";
import type { StepCompiler } from "./compile/stepCompiler.js";

/** What compiled steps add to a Trainer's options. */
export interface CompileTrainerOptions {
  /**
   * Whether TensorFlow runs a whole step in one call, on the native backend: `"auto"` wherever a step can be replayed with
   * the same bits as eager kernels; `true`: a step that can't be compiled is an error; `false`: never.
   * @defaultValue "auto"
   */
  readonly compile?: "auto" | boolean;
}

/** What compiled steps add to a Trainer. */
export interface CompileTrainer {
  /** Tells of the present run, or else of the last, how each kind of step is run, and why; its text is for people. */
  explainCompile(): CompileExplanation;
}

/** How steps are run. */
export interface CompileExplanation {
  readonly steps: readonly CompiledStepReport[];
  /** Why nothing is compiled at all; `null` when it may be. */
  readonly reason: string | null;
  toString(): string;
}

/** What compiled steps need of a Trainer. */
export interface CompileHost {
  readonly display: Display;
  /** Runs step functions. */
  stepRunner: StepRunner;
  /** Awaited before anything else of a run. */
  ready(module: object): Promise<void>;
}

/** A Trainer's class that compiles steps. */
export type WithCompiledSteps<TBase extends Constructor<CompileHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & CompileTrainerOptions) => InstanceType<TBase> & CompileTrainer);

const compile: Validator = {
  expected: '"auto", true or false',
  test: (value) => value === "auto" || typeof value === "boolean",
};

/** Adds the option `compile` to a Trainer, which then lets TensorFlow run whole steps in one call where it can. */
export function withCompiledSteps<
  TBase extends Constructor<CompileHost> & { readonly optionEntries: Validators },
>(Base: TBase): WithCompiledSteps<TBase> {
  class Compiling extends Base implements CompileTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, compile };
    readonly #wanted: "auto" | boolean;
    readonly #isDetectingAnomaly: boolean;
    #compiler: StepCompiler | null = null;
    #reason: string | null = "nothing has run yet";

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor must be written so
    constructor(...args: any[]) {
      super(...(args as unknown[]));
      const options = args[0] as (CompileTrainerOptions & TrainerOptions) | undefined;
      this.#wanted = options?.compile ?? "auto";
      this.#isDetectingAnomaly = options?.detectAnomaly === true;
    }

    explainCompile(): CompileExplanation {
      const steps = this.#compiler?.explain() ?? [];
      const reason = this.#reason;
      return { steps, reason, toString: () => reason ?? describeReport(steps) };
    }

    override async ready(module: object): Promise<void> {
      await super.ready(module);
      if (this.#compiler !== null) return;
      this.#reason =
        this.#wanted === false
          ? "`compile` is false"
          : this.#isDetectingAnomaly
            ? "`detectAnomaly` checks each operation as it runs"
            : reasonAgainstCompiling();
      if (this.#reason === null) {
        const isStrict = this.#wanted === true;
        this.#compiler = makeStepCompiler({ isStrict, warn: (text) => this.display.warn(text) });
        this.stepRunner = this.#compiler;
      } else if (this.#wanted === true) {
        throw new FulmineError("NOT_COMPILED", `Steps can't be compiled: ${this.#reason}.`, {
          todo: this.#isDetectingAnomaly
            ? "Leave one of the two options out."
            : 'Use `accelerator: "native"`, or `compile: "auto"`, which runs steps eagerly here.',
        });
      }
    }
  }
  return Compiling as unknown as WithCompiledSteps<TBase>;
}
