import { partsOf, type FitInput, type ReplacedData } from "../../data/dataloaders.js";
import type { PreparedData } from "./preparedData.js";
import { fitSources, givenSources, type FitSources } from "./resolveData.js";
import type { Module } from "../../module/module.js";
import type { Claims } from "../../ownership/claims.js";
import type { TrainerOptions } from "../../module/trainerOptions.js";
import { limitFit, renew } from "./limitData.js";

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
