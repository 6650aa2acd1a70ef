import { seeded, type TrainerOptions } from "fulmine";
import { loader } from "./data.js";
import { Spirals } from "./spirals.js";

// `npx fulmine find-lr dist/src/train.js` and `npx fulmine fit dist/src/train.js` read these exports.

export const model = () => seeded(1, () => new Spirals({ lr: 1e-3, hidden: 32 }));

export const data = () => ({ train: loader(800, 1, true), val: loader(200, 2) });

export const trainer: TrainerOptions = { maxEpochs: 20, seed: 1 };
