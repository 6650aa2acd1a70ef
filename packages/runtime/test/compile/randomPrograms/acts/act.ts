import type { ProgramModule } from "../programModule.js";
import type { Step } from "../step.js";

/** Something that a step may do, with a number that says how much or which. */
export type Act = (module: ProgramModule, step: Step, number: number) => void;
