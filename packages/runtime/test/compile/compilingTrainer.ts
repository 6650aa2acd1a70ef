import { Trainer } from "@fulmine/core";
import { withLrFinder } from "@fulmine/lr-finder";
import { withCompiledSteps } from "@fulmine/runtime";

/** A Trainer that compiles, on whatever backend is active, and finds rates. */
export const CompilingTrainer = withLrFinder(withCompiledSteps(Trainer));
