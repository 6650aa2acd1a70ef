import { placeNames, type PlaceName } from "./numbersModule.js";
import type { ProgramModule } from "./programModule.js";
import type { Step } from "./step.js";

type Source = (module: ProgramModule, step: Step | null) => number;

/** Sources that every step and every hook has. */
const anywhere = {
  one: () => 1,
  byDefault: (module) => module.byDefault(),
  epoch: ({ trainer }) => trainer?.currentEpoch ?? 0,
  globalStep: ({ trainer }) => trainer?.globalStep ?? 0,
  metric: ({ trainer }) => trainer?.callbackMetrics["number"] ?? 0,
  meanMetric: ({ trainer }) => trainer?.callbackMetrics["mean"] ?? 0,
  lr: ({ trainer }) => 100 * (trainer?.optimizers[0]?.lr ?? 0),
  schedules: ({ trainer }) => trainer?.lrSchedulers.length ?? 0,
  accumulation: ({ trainer }) => trainer?.accumulateGradBatches ?? 0,
  pushed: ({ pushed }) => pushed.length,
} satisfies Record<string, Source>;

/** Sources that only a step has; elsewhere they give 2. */
const inSteps = {
  batchIdx: (_, step) => step?.batchIdx ?? 2,
  batchNumber: (_, step) => step?.batch.weight ?? 2,
  batchText: (_, step) => step?.batch.tag.length ?? 2,
  batchRows: (_, step) => step?.batch.xs.shape[0] ?? 2,
  random: (_, step) => (step === null ? 2 : Math.random()),
  inputValue: (_, step) => step?.batch.xs.dataSync()[0] ?? 2,
  predictedValue: (_, step) => step?.predicted.dataSync()[0] ?? 2,
  lossValue: (_, step) => step?.loss.dataSync()[0] ?? 2,
  weightValue: ({ first }, step) => (step === null ? 2 : (first.dataSync()[0] ?? 2)),
} satisfies Record<string, Source>;

const extra: Readonly<Record<keyof typeof anywhere | keyof typeof inSteps, Source>> = {
  ...anywhere,
  ...inSteps,
};

/** A source of a number. */
export type SourceName = PlaceName | keyof typeof extra;

/** Sources that do not read tensors' values. */
export const plainSources: readonly SourceName[] = [
  ...placeNames,
  ...(Object.keys(anywhere) as (keyof typeof anywhere)[]),
  ...(["batchIdx", "batchNumber", "batchText", "batchRows"] as const),
];

/** Sources that read the values of tensors or draw a random number. */
export const valueSources = [
  ...["random", "inputValue", "predictedValue", "lossValue", "weightValue"],
] as const satisfies readonly SourceName[];

/** Gets the current number of a source. */
export function numberOf(module: ProgramModule, source: SourceName, step: Step | null): number {
  return source in extra
    ? extra[source as keyof typeof extra](module, step)
    : module.read(source as PlaceName);
}

/** Maps any number to an integer from 0 to 6; different integers from 0 to 6 have different results. */
export function wholeOf(value: number): number {
  return Number.isFinite(value) ? Math.floor(Math.abs(value) * 10) % 7 : 0;
}

/** Whether a number counts as odd. */
export function isOdd(value: number): boolean {
  return wholeOf(value) % 2 === 1;
}
