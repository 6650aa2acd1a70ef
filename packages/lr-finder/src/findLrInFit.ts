import { FulmineError, type FitInput, type Module } from "@fulmine/core";
import { findLr } from "./findLr.js";
import type { FindLrOptions } from "./findLrOptions.js";
import type { LrFindHost } from "./lrFindHost.js";
import type { LrFinder } from "./lrFinder.js";

/** Said where a search is left out, as it would make a development run a long one. */
export const DEV_RUN_NOTE = "fastDevRun: the learning rate is not searched for";

/** Searches on behalf of a fit; null when it was stopped, for whoever stopped it stopped the fit, which sees so by itself. */
export async function findLrInFit<B>(
  host: LrFindHost,
  module: Module<object, B>,
  data?: FitInput<B>,
  options?: FindLrOptions,
): Promise<LrFinder | null> {
  try {
    return await findLr(host, module, data, options);
  } catch (error) {
    if (error instanceof FulmineError && error.code === "ABORTED") return null;
    throw error;
  }
}
