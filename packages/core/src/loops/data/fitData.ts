import {
  partsOf,
  type FitInput,
  type ReplacedData,
  isDataloaders,
  type Dataloaders,
  type FitData,
} from "../../data/dataloaders.js";
import type { PreparedData } from "../../run/preparedData.js";
import type { Module } from "../../module/module.js";
import type { Claims } from "../../ownership/claims.js";
import type { TrainerOptions } from "../../module/trainerOptions.js";
import { limitFit, type FitSources } from "./limitBatches.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { checkDataloaders, checkFitData } from "../../data/checkFitData.js";
import type { BatchSource } from "../../data/sources/batchSource.js";
import { toBatchSource, type DataSource } from "../../data/sources/toBatchSource.js";

/** What {@link openFitData} needs. */
export interface FitDataStart<B> {
  readonly module: Module<object, B>;
  readonly data: FitInput<B> | undefined;
  readonly options: TrainerOptions;
  /** The objects that the fit owns. */
  readonly claims: Claims;
  /** The DataModules that the run has set up. */
  readonly prepared: PreparedData;
  /** Runs plug-ins before the fit; may return other data. */
  readonly beforeFit: () => Promise<ReplacedData<B>>;
}

/**
 * Opens the data of a fit.
 *
 * It checks the given data, then runs the plug-ins, and then opens the data that they returned instead, or calls the
 * dataloaders. The sources start with fresh random states.
 */
export async function openFitData<B>(start: FitDataStart<B>): Promise<FitSources<B>> {
  const { module, data, options, claims, prepared, beforeFit } = start;
  const given = await givenSources(module, data, claims);
  if (given !== null) renew(limitFit(given, options));
  const used = (await beforeFit()) ?? data;
  if (used !== data) for (const part of partsOf(used)) claims.takeData(part);
  await prepared.prepare(used, "fit");
  const sources = limitFit(await fitSources(module, used, claims), options);
  renew(sources);
  return sources;
}

/** Gives sources random states that no earlier run has used. */
function renew<B>({ train, val }: FitSources<B>): void {
  train.renew?.();
  val?.renew?.();
}

/**
 * Opens the given data of a fit, or else that of the module's own dataloaders.
 *
 * @throws FulmineError `INVALID_DATA` when there is no data or it can't be read, `UNKNOWN_OPTION` when a part has
 * an unknown name, `INVALID_MODULE` when there is validation data but no `validationStep`.
 */
export async function fitSources<B>(
  module: Module<object, B>,
  data: FitInput<B> | undefined,
  claims: Claims,
): Promise<FitSources<B>> {
  const loaders = loadersOf(module, data);
  if (loaders === null) checkFitData(data);
  else checkDataloaders(loaders);
  const given =
    loaders === null
      ? (data as FitData<B>)
      : { train: loaders.trainDataloader?.(), val: loaders.valDataloader?.() };
  if (given.train === undefined) throw noTrainingData(data);
  if (given.val !== undefined) requireStep(module, "validationStep");
  for (const source of [given.train, given.val]) claims.takeData(source);
  return {
    train: await openSource(given.train, "train", claims),
    val: given.val === undefined ? null : await openSource(given.val, "val", claims),
  };
}

/**
 * Checks the data of a fit before plug-ins run. Dataloaders are only checked for existence, because they are called later.
 * Throws as {@link fitSources}.
 *
 * @returns The opened data; `null` for dataloaders.
 */
export async function givenSources<B>(
  module: Module<object, B>,
  data: FitInput<B> | undefined,
  claims: Claims,
): Promise<FitSources<B> | null> {
  const loaders = loadersOf(module, data);
  if (loaders === null) return fitSources(module, data, claims);
  checkDataloaders(loaders);
  if (loaders.trainDataloader === undefined) throw noTrainingData(data);
  return null;
}

function loadersOf<B>(module: Module<object, B>, data: FitInput<B> | undefined): Dataloaders<B> | null {
  return data === undefined ? module : isDataloaders<B>(data) ? data : null;
}

function noTrainingData(data: unknown): FulmineError {
  return new FulmineError("INVALID_DATA", "There is no training data.", {
    ...(data === undefined ? {} : { received: data }),
    todo: "Pass { train, val }, or define `trainDataloader` on the module.",
  });
}

/** Opens a source. A search within a fit shares the fit's source and continues at its position, so it must not renew it. */
async function openSource<B>(data: DataSource<B>, name: string, claims: Claims): Promise<BatchSource<B>> {
  const source = await toBatchSource(data, name);
  if (!claims.shares(data)) return source;
  const shared = { ...source };
  delete shared.renew;
  return shared;
}

/** Checks that a module has the step that its data needs. */
export function requireStep<B>(
  module: Module<object, B>,
  step: "validationStep" | "testStep" | "predictStep",
): void {
  if (module[step] !== undefined) return;
  throw new FulmineError("INVALID_MODULE", `There is data for it, but the module has no \`${step}\`.`, {
    todo: "Define it, or leave the data out.",
  });
}
