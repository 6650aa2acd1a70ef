import type { BatchSource } from "../../data/sources/batchSource.js";
import type { FitSources } from "./resolveData.js";
import type { TrainerOptions } from "../../module/trainerOptions.js";
import { countOf, limitSource } from "./limitSource.js";

/** Stands for training data where none is needed. */
export const noData: BatchSource<never> = {
  length: 0,
  open: () => ({ next: () => Promise.resolve(undefined), close: () => Promise.resolve() }),
  isolate: () => () => undefined,
};

/** Lets the data of a run begin with chance that no earlier run has drawn. */
export function renew<B>({ train, val }: FitSources<B>): void {
  train.renew?.();
  val?.renew?.();
}

/** How many batches `fastDevRun` lets through, `null` when it is off. */
export function devBatches({ fastDevRun = false }: TrainerOptions): number | null {
  return fastDevRun === false ? null : fastDevRun === true ? 1 : fastDevRun;
}

/** The data of a fit as far as the options let it through. */
export async function limitFit<B>(
  { train, val }: FitSources<B>,
  options: TrainerOptions,
): Promise<FitSources<B>> {
  const { overfitBatches, limitTrainBatches, limitValBatches } = options;
  const dev = devBatches(options);
  if (overfitBatches !== undefined && dev === null) {
    const { repeatSource } = await import("./repeatSource.js");
    const few = limitSource(repeatSource(train), countOf(overfitBatches, train.length, "overfitBatches"));
    return { train: few, val: val === null ? null : few };
  }
  return {
    train: limited(train, dev ?? limitTrainBatches, "limitTrainBatches"),
    val:
      val === null || limitValBatches === 0 ? null : limited(val, dev ?? limitValBatches, "limitValBatches"),
  };
}

/** Lets only as much of a source through as a limit says, if there is one. */
export function limited<B>(source: BatchSource<B>, limit: number | undefined, name: string): BatchSource<B> {
  return limit === undefined ? source : limitSource(source, countOf(limit, source.length, name));
}
