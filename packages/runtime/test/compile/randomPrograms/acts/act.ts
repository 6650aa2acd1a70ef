import type { ProgramModule } from "../programModule.js";
import type { Step } from "../step.js";

/** An act of a step, with a number as its argument. */
export type Act = (module: ProgramModule, step: Step, number: number) => void;
