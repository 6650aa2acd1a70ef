import { FulmineError } from "@fulmine/core";
import { runEagerly, type StepFunction, type StepResult, type StepRunner } from "@fulmine/core/plugin";
import { env, engine } from "@tensorflow/tfjs-core";
import { type CompiledStepReport, NATIVE_ONLY } from "./compileReport.js";
import { nativeBackend, type NativeBackend } from "./tensorflow/nativeBackend.js";
import { adviceFor } from "./trace/graphBreaks.js";
import { Interception } from "./trace/interception.js";
import { tfjsEngine } from "./trace/tfjsEngine.js";
import { TracedStep } from "./tracedStep.js";

/** The options of a {@link StepCompiler}. */
export interface StepCompilerOptions {
  /** Whether a step that can't be compiled throws an error; otherwise it runs eagerly. */
  readonly isStrict: boolean;
  /** Called once for each step that stays eager, with one line that gives the reason. */
  readonly warn: (text: string) => void;
}

interface Entry {
  readonly module: object;
  readonly name: string;
  readonly traced: TracedStep;
}

/** The number of calls before a step is recorded. An optimizer has slots only after the first training step. */
const WARM_UP_CALLS: Readonly<Record<string, number>> = { "training step": 1, "manual backward": 1 };
const OTHER_WARM_UP_CALLS = 3;

/** Runs steps as graphs on tfjs's native backend if they can be compiled, and eagerly otherwise. */
export class StepCompiler implements StepRunner {
  readonly #options: StepCompilerOptions;
  readonly #entries: Entry[] = [];
  #interception: Interception | null = null;
  #backend: NativeBackend | null = null;
  #lastReports: readonly CompiledStepReport[] = [];

  constructor(options: StepCompilerOptions) {
    this.#options = options;
  }

  run<Notes>(step: StepFunction<Notes>): Pick<StepResult<Notes>, "tensors" | "notes"> {
    const traced = this.#tracedStep(step);
    if (traced === null) return runEagerly(step);
    return traced.run(step, traced.calls >= (WARM_UP_CALLS[step.name] ?? OTHER_WARM_UP_CALLS));
  }

  end(): void {
    if (this.#entries.length > 0) this.#lastReports = this.explain();
    for (const { traced } of this.#entries.splice(0)) traced.dispose();
    this.#interception?.release();
    this.#interception = null;
    this.#backend = null;
  }

  /** Reports how each step runs, in the current run or else in the last one. */
  explain(): readonly CompiledStepReport[] {
    return this.#entries.length === 0 ? this.#lastReports : this.#entries.map(reportOf);
  }

  /** Gets the traced step; `null` when nothing can be compiled at the moment. */
  #tracedStep({ module, name }: StepFunction<unknown>): TracedStep | null {
    // Debugging and profiling need each kernel to run.
    if (tfjsEngine().state.profiling || env().getBool("DEBUG")) return null;
    this.#backend ??= nativeBackend();
    const backend = this.#backend;
    if (backend === null || (engine().backend as unknown) !== backend) return null;
    if (Interception.isTaken()) return null;
    const known = this.#entries.find((each) => each.module === module && each.name === name);
    if (known !== undefined) return known.traced;
    this.#interception ??= Interception.acquire();
    const traced = new TracedStep({ backend, interception: this.#interception }, (reason, isFinal) =>
      this.#broke(nameOf(module), name, reason, isFinal),
    );
    this.#entries.push({ module, name, traced });
    return traced;
  }

  #broke(module: string, name: string, reason: string, isFinal: boolean): void {
    if (this.#options.isStrict) {
      throw new FulmineError("NOT_COMPILED", `The ${name} of ${module} can't be compiled: ${reason}.`, {
        todo: 'Use `compile: "auto"`, which runs such a step eagerly.',
      });
    }
    if (isFinal)
      this.#options.warn(`The ${name} of ${module} is not compiled: ${reason}. ${adviceFor(reason)}`);
  }
}

function nameOf(module: object): string {
  return module.constructor.name === "" ? "the module" : module.constructor.name;
}

function reportOf({ module, name, traced }: Entry): CompiledStepReport {
  const { compiled, graphBreak, calls, replays, milliseconds } = traced;
  const isEager = graphBreak !== null && compiled.length === 0;
  return {
    ...{ step: `${nameOf(module)}: ${name}`, reason: graphBreak, calls, replays, milliseconds },
    status: compiled.length > 0 ? "compiled" : isEager ? "eager" : "pending",
    paths: compiled.length,
    operations: Math.max(0, ...compiled.map(({ graph }) => graph.operations)),
  };
}

/** Makes a runner that compiles steps. */
export function makeStepCompiler(options: StepCompilerOptions): StepCompiler {
  return new StepCompiler(options);
}

/** Gets the reason why steps can't be compiled on the active backend; `null` when they can. */
export function reasonAgainstCompiling(): string | null {
  return nativeBackend() === null ? NATIVE_ONLY : null;
}
