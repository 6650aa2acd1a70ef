import type { ChangeName } from "./acts/changes.js";
import type { ActName } from "./acts/acts.js";
import type { PlaceName } from "./numbersModule.js";
import type { DataName } from "./programData.js";
import type { NetName } from "./programNet.js";
import type { OptimizerName } from "./programOptimizers.js";
import type { SignatureName } from "./signatures.js";
import type { SourceName } from "./sources.js";

/** The calls of a step or hook at which a statement runs: the first one and an interval; an interval of 0 means once. */
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

/** Performs an act or a change, with a number from a source. */
export interface Doing<Name extends string> {
  readonly does: Name;
  readonly of: SourceName;
  readonly when: When;
}

/** A statement of a step. */
export type Statement = Writing | Doing<ActName | ChangeName>;

/** A statement of a hook. */
export interface Hooked {
  readonly hook: (typeof hookNames)[number];
  readonly by: "module" | "callback";
  readonly statement: Writing | Doing<ChangeName>;
}

/** A module and its training, as plain data. */
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
  /** The number of times that the same Trainer fits the module. */
  readonly fits: number;
  readonly training: readonly Statement[];
  readonly validation: readonly Statement[] | null;
  readonly hooks: readonly Hooked[];
}

/** The hooks that programs use. */
export const hookNames = [
  ...["onTrainStart", "onTrainEpochStart", "onTrainBatchStart", "onBeforeZeroGrad", "onBeforeBackward"],
  ...["onAfterBackward", "onBeforeOptimizerStep", "onTrainBatchEnd", "onValidationBatchStart"],
  ...["onValidationBatchEnd", "onValidationEpochEnd", "onTrainEpochEnd"],
] as const;

/** Whether a statement runs at a call; calls count from 0. */
export function isTime({ from, every }: When, call: number): boolean {
  return call === from || (every > 0 && call > from && (call - from) % every === 0);
}
