import {
  partsOf,
  type FitInput,
  type ReplacedData,
  isDataloaders,
  type Dataloaders,
  type FitData,
} from "../../data/dataloaders.js";
import type { PreparedData } from "./preparedData.js";
import type { Module } from "../../module/module.js";
import type { Claims } from "../../ownership/claims.js";
import type { TrainerOptions } from "../../module/trainerOptions.js";
import { limitFit, renew } from "./limitBatches.js";
import { FulmineError } from "../../errors/fulmineError.js";
import { checkDataloaders, checkFitData } from "../../data/checkFitData.js";
import type { BatchSource } from "../../data/batchSource.js";
import { toBatchSource, type DataSource } from "../../data/toBatchSource.js";

/** What the data of a fit is opened with. */
export interface FitDataStart<B> {
  readonly module: Module<object, B>;
  readonly data: FitInput<B> | undefined;
  readonly options: TrainerOptions;
  /** What the fit owns. */
  readonly claims: Claims;
  /** What it has set up. */
  readonly prepared: PreparedData;
  /** What plug-ins do before the fit. */
  readonly beforeFit: () => Promise<ReplacedData<B>>;
}

/**
 * Opens the data of a fit: checks what was given, lets plug-ins do what they do before a fit, and then reads off what they
 * gave in its place, or what the dataloaders give by now. It begins with chance that no earlier run has drawn.
 */
export async function openFitData<B>(start: FitDataStart<B>): Promise<FitSources<B>> {
  const { module, data, options, claims, prepared, beforeFit } = start;
  const given = await givenSources(module, data, claims);
  if (given !== null) renew(await limitFit(given, options));
  const used = (await beforeFit()) ?? data;
  if (used !== data) for (const part of partsOf(used)) claims.takeData(part);
  await prepared.prepare(used, "fit");
  const sources = await limitFit(await fitSources(module, used, claims), options);
  renew(sources);
  return sources;
}

/** The data of a fit, ready to be read. */
export interface FitSources<B> {
  readonly train: BatchSource<B>;
  readonly val: BatchSource<B> | null;
}

/**
 * Finds the data of a fit: what was given, else what the module's own dataloaders give.
 *
 * @throws {@link FulmineError} `INVALID_DATA` when there is none or it can't be read, `UNKNOWN_OPTION` when a part of it
 * has another name than those that are read, `INVALID_MODULE` when there is
 * held-out data and no `validationStep`.
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
 * Checks the data of a fit before plug-ins begin their work: what was given as a whole, and of dataloaders, which are called
 * after that, that they are there. Throws as {@link fitSources}.
 *
 * @returns What was given, `null` for dataloaders.
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

/** What a search reads of the fit that it is a part of goes on from where the fit stands. */
async function openSource<B>(data: DataSource<B>, name: string, claims: Claims): Promise<BatchSource<B>> {
  const source = await toBatchSource(data, name);
  if (!claims.shares(data)) return source;
  const shared = { ...source };
  delete shared.renew;
  return shared;
}

/** Sees that a module can use the data that there is for it. */
export function requireStep<B>(
  module: Module<object, B>,
  step: "validationStep" | "testStep" | "predictStep",
): void {
  if (module[step] !== undefined) return;
  throw new FulmineError("INVALID_MODULE", `There is data for it, but the module has no \`${step}\`.`, {
    todo: "Define it, or leave the data out.",
  });
}
