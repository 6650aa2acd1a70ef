import { Trainer } from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { withCompiledSteps } from "@fulmine/runtime";

/** A Trainer that compiles steps and finds learning rates, on the active backend. */
export const CompilingTrainer = withLrFinder(withCompiledSteps(Trainer));
