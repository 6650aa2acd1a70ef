import {
  FulmineError,
  type Constructor,
  type Display,
  type OptionsOf,
  type Requirement,
  type Requirements,
  type StepRunner,
  type TrainerOptions,
} from "@fulmine/core";
import { makeStepCompiler, reasonAgainstCompiling } from "#native";
import { describeReport, type CompiledStepReport } from "./compile/compileReport.js";
import type { StepCompiler } from "./compile/stepCompiler.js";

/** The options that {@link withCompiledSteps} adds to a Trainer. */
export interface CompileTrainerOptions {
  /**
   * Whether TensorFlow runs a whole step in one call on the native backend. `"auto"`: if the compiled step gives the same
   * bits as eager kernels. `true`: as `"auto"`, but a step that can't be compiled is an error. `false`: never.
   *
   * @defaultValue `"auto"`
   */
  readonly compile?: "auto" | boolean;
}

/** The members that {@link withCompiledSteps} adds to a Trainer. */
export interface CompileTrainer {
  /** Explains how each step runs, in the current run or else in the last one. `String` converts the result to text. */
  explainCompile(): CompileExplanation;
}

/** How the steps of a run are executed. */
export interface CompileExplanation {
  readonly steps: readonly CompiledStepReport[];
  /** The reason why no step is compiled; `null` when steps may be compiled. */
  readonly reason: string | null;
  toString(): string;
}

/** The members of a Trainer that {@link withCompiledSteps} uses. */
export interface CompileHost {
  readonly display: Display;
  /** Runs step functions. */
  stepRunner: StepRunner;
  /** Awaited at the beginning of every run. */
  ready(module: object): Promise<void>;
}

/** A Trainer class with the option `compile`. */
export type WithCompiledSteps<TBase extends Constructor<CompileHost>> = Omit<TBase, "prototype"> &
  (new (options?: OptionsOf<TBase> & CompileTrainerOptions) => InstanceType<TBase> & CompileTrainer);

const compile: Requirement = {
  words: '"auto", true or false',
  holds: (value) => value === "auto" || typeof value === "boolean",
};

/** Adds the option `compile` to a Trainer. TensorFlow then runs whole steps in one call if possible. */
export function withCompiledSteps<
  TBase extends Constructor<CompileHost> & { readonly optionEntries: Requirements },
>(Base: TBase): WithCompiledSteps<TBase> {
  class Compiling extends Base implements CompileTrainer {
    static override readonly optionEntries: Requirements = { ...Base.optionEntries, compile };
    readonly #requested: "auto" | boolean;
    readonly #isDetectingAnomaly: boolean;
    #compiler: StepCompiler | null = null;
    #reason: string | null = "nothing has run yet";

    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- TypeScript requires this signature of a mixin
    constructor(...args: any[]) {
      super(...(args as unknown[]));
      const options = args[0] as (CompileTrainerOptions & TrainerOptions) | undefined;
      this.#requested = options?.compile ?? "auto";
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
        this.#requested === false
          ? "`compile` is false"
          : this.#isDetectingAnomaly
            ? "`detectAnomaly` checks each operation as it runs"
            : reasonAgainstCompiling();
      if (this.#reason === null) {
        const isStrict = this.#requested === true;
        this.#compiler = makeStepCompiler({ isStrict, warn: (text) => this.display.warn(text) });
        this.stepRunner = this.#compiler;
      } else if (this.#requested === true) {
        throw new FulmineError("NOT_COMPILED", `Steps can't be compiled: ${this.#reason}.`, {
          todo: this.#isDetectingAnomaly
            ? "Remove one of the two options."
            : 'Use `accelerator: "native"`, or `compile: "auto"`, which runs steps eagerly here.',
        });
      }
    }
  }
  return Compiling as unknown as WithCompiledSteps<TBase>;
}
