import { FulmineError, type TrainerOptions, type TrainerView } from "@fulmine/core";
import { mixed, type Mixed, type StepRunner, type TrainerClass, type Validators } from "@fulmine/core/plugin";
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
export interface CompileHost extends Pick<TrainerView, "display"> {
  readonly options: Readonly<TrainerOptions & CompileTrainerOptions>;
  /** Runs step functions. */
  stepRunner: StepRunner;
  /** Awaited at the beginning of every run. */
  ready(module: object): Promise<void>;
}

/** A Trainer class with the option `compile`. */
export type WithCompiledSteps<TBase extends TrainerClass<CompileHost>> = Mixed<
  TBase,
  CompileTrainerOptions,
  CompileTrainer
>;

const compile = {
  expected: '"auto", true or false',
  test: (value: unknown) => value === "auto" || typeof value === "boolean",
};

/** Adds the option `compile` to a Trainer. TensorFlow then runs whole steps in one call if possible. */
export function withCompiledSteps<TBase extends TrainerClass<CompileHost>>(
  Base: TBase,
): WithCompiledSteps<TBase> {
  class Compiling extends Base implements CompileTrainer {
    static override readonly optionEntries: Validators = { ...Base.optionEntries, compile };
    #compiler: StepCompiler | null = null;
    #reason: string | null = "nothing has run yet";

    explainCompile(): CompileExplanation {
      const steps = this.#compiler?.explain() ?? [];
      const reason = this.#reason;
      return { steps, reason, toString: () => reason ?? describeReport(steps) };
    }

    override async ready(module: object): Promise<void> {
      await super.ready(module);
      if (this.#compiler !== null) return;
      const { compile: wanted = "auto", detectAnomaly = false } = this.options;
      this.#reason =
        wanted === false
          ? "`compile` is false"
          : detectAnomaly
            ? "`detectAnomaly` checks each operation as it runs"
            : reasonAgainstCompiling();
      if (this.#reason === null) {
        const isStrict = wanted === true;
        this.#compiler = makeStepCompiler({ isStrict, warn: (text) => this.display.warn(text) });
        this.stepRunner = this.#compiler;
      } else if (wanted === true) {
        throw new FulmineError("NOT_COMPILED", `Steps can't be compiled: ${this.#reason}.`, {
          todo: detectAnomaly
            ? "Remove one of the two options."
            : 'Use `accelerator: "native"`, or `compile: "auto"`, which runs steps eagerly here.',
        });
      }
    }
  }
  return mixed<TBase, CompileTrainerOptions, CompileTrainer>(Compiling);
}
