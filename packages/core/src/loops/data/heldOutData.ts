import type { BatchSource } from "../../data/sources/batchSource.js";
import { isDataloaders, type Dataloaders } from "../../data/dataloaders.js";
import { requireStep } from "./fitData.js";
import { toBatchSource, type DataSource } from "../../data/sources/toBatchSource.js";
import { FulmineError } from "../../errors/fulmineError.js";
import type { Module } from "../../module/module.js";
import type { Claims } from "../../ownership/claims.js";
import { devRunBatches, type TrainerOptions } from "../../module/trainerOptions.js";
import { limited } from "./limitBatches.js";

/** The step, the dataloader and the option of each stage. */
const passes = {
  validate: { step: "validationStep", dataloader: "valDataloader", limit: "limitValBatches" },
  test: { step: "testStep", dataloader: "testDataloader", limit: "limitTestBatches" },
  predict: { step: "predictStep", dataloader: "predictDataloader", limit: "limitPredictBatches" },
} as const;

/**
 * Opens the data of a pass over held-out data, limited as the options say, and checks that the module has the step.
 *
 * @throws FulmineError `INVALID_DATA`, or `INVALID_MODULE` without the step.
 */
export async function openHeldOutData<B>(
  module: Module<object, B>,
  data: DataSource<B> | Dataloaders<B> | undefined,
  stage: keyof typeof passes,
  options: TrainerOptions,
  claims: Claims,
): Promise<BatchSource<B>> {
  const { step, dataloader, limit } = passes[stage];
  requireStep(module, step);
  const loaders: Dataloaders<B> | null = data === undefined ? module : isDataloaders<B>(data) ? data : null;
  const given = loaders === null ? (data as DataSource<B>) : loaders[dataloader]?.();
  if (given === undefined) {
    throw new FulmineError("INVALID_DATA", `There is no data to ${stage}.`, {
      todo: `Pass it, or define \`${dataloader}\` on the module.`,
    });
  }
  claims.takeData(given);
  const source = limited(await toBatchSource(given, "data"), devRunBatches(options) ?? options[limit], limit);
  source.renew?.();
  return source;
}
