import type { Act } from "./act.js";
import { choices } from "./choices.js";
import { constants } from "./constants.js";
import { effects } from "./effects.js";
import { gradients } from "./gradients.js";
import { memories } from "./memories.js";
import { paths } from "./paths.js";

const all = { ...constants, ...paths, ...choices, ...gradients, ...memories, ...effects };

/** The acts of a step, by name. */
export type ActName = keyof typeof all;
export const acts: Readonly<Record<ActName, Act>> = all;

/** Acts that read values within the step, which prevents its replay. */
export const readingActs: readonly ActName[] = ["readInput", "readPrediction", "later"];

/** Acts that end a run with an error. */
export const failingActs: readonly ActName[] = ["wrongShape", "outOfRange", "notAScalar"];

/** All other acts. */
export const plainActs = (Object.keys(all) as ActName[]).filter(
  (name) => !readingActs.includes(name) && !failingActs.includes(name),
);
