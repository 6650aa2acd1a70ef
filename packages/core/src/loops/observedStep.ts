import type { Tensor } from "@tensorflow/tfjs-core";
import { plainLeavesOf } from "../batch.js";
import type { LoggedValue } from "../logging/metricStore.js";
import type { Run } from "./run.js";

/** A module's step as it was seen to run. */
export interface ObservedStep<T> {
  readonly result: T;
  /** What it logged. */
  readonly logged: readonly LoggedValue[];
  /** The logged tensors, in order. */
  readonly loggedTensors: readonly Tensor[];
  /** Names and options of what it logged, as a text to compare. */
  readonly signature: string;
  /** Why another call can't do without the step's JavaScript; `null` when nothing speaks against it. */
  readonly refusal: string | null;
}

/** Runs a module's synchronous step and notes what it logs and what it looks at. */
export function observeStep<T, B>({ state }: Run<B>, step: () => T): ObservedStep<T> {
  const { result: collected, reads } = state.watchReads(() => state.metrics.collect(step));
  const { result, logged } = collected;
  const number = logged.find(({ value }) => typeof value === "number");
  let refusal: string | null = null;
  if (number !== undefined)
    refusal = `it logs "${number.name}" as a number, which only its JavaScript can tell`;
  if (reads.length > 0)
    refusal = `it looks at trainer.${reads.join(" and trainer.")}, which changes during a run`;
  return {
    result,
    logged,
    loggedTensors: logged.flatMap(({ value }) => (typeof value === "number" ? [] : [value])),
    signature: JSON.stringify(logged.map(({ name, options }) => [name, options])),
    refusal,
  };
}

/** What a module's step depends on beside tensors: the rest of the batch, its index where it is used, what is trainable. */
export function dependenciesOf<B>(
  { module, variables, state }: Run<B>,
  step: "trainingStep" | "validationStep" | "testStep",
  batch: B,
  batchIdx: number,
): readonly unknown[] {
  const usesIndex = module[step]?.length !== 1;
  return [
    state.accumulateGradBatches,
    ...(usesIndex ? [batchIdx] : []),
    ...plainLeavesOf(batch),
    ...variables.all.map(({ trainable }) => trainable),
  ];
}
