import type { ChangeName } from "./acts/changes.js";
import type { ActName } from "./acts/acts.js";
import type { PlaceName } from "./numbersModule.js";
import type { DataName } from "./programData.js";
import type { NetName } from "./programNet.js";
import type { OptimizerName } from "./programOptimizers.js";
import type { SignatureName } from "./signatures.js";
import type { SourceName } from "./sources.js";

/** At which of the calls of a step or hook something is done: from one on, and then at every so many; 0 is once. */
export interface When {
  readonly from: number;
  readonly every: number;
}

/** Adds to one of the module's numbers. */
export interface Writing {
  readonly does: "write";
  readonly to: PlaceName;
  readonly when: When;
}

/** Does something of a kind, with a number that comes from somewhere. */
export interface Doing<Name extends string> {
  readonly does: Name;
  readonly of: SourceName;
  readonly when: When;
}

/** What a step may do. */
export type Statement = Writing | Doing<ActName | ChangeName>;

/** What may be done in a hook. */
export interface Hooked {
  readonly hook: (typeof hookNames)[number];
  readonly by: "module" | "callback";
  readonly statement: Writing | Doing<ChangeName>;
}

/** A module and how it is trained, as plain data. */
export interface Program {
  readonly net: NetName;
  readonly optimizer: OptimizerName;
  readonly data: DataName;
  readonly signature: SignatureName;
  readonly returns: "scalar" | "object";
  /** The number of batches to train on, in all epochs together. */
  readonly steps: number;
  readonly batchesPerEpoch: number;
  readonly isLastShort: boolean;
  readonly isManual: boolean;
  readonly accumulateGradBatches: number;
  readonly clip: "none" | "norm" | "value";
  readonly hasSchedule: boolean;
  /** How often the same Trainer fits the module. */
  readonly fits: number;
  readonly training: readonly Statement[];
  readonly validation: readonly Statement[] | null;
  readonly hooks: readonly Hooked[];
}

/** The hooks in which programs do something. */
export const hookNames = [
  ...["onTrainStart", "onTrainEpochStart", "onTrainBatchStart", "onBeforeZeroGrad", "onBeforeBackward"],
  ...["onAfterBackward", "onBeforeOptimizerStep", "onTrainBatchEnd", "onValidationBatchStart"],
  ...["onValidationBatchEnd", "onValidationEpochEnd", "onTrainEpochEnd"],
] as const;

/** Whether something is done at a call, counted from 0. */
export function isTime({ from, every }: When, call: number): boolean {
  return call === from || (every > 0 && call > from && (call - from) % every === 0);
}
