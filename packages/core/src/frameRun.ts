import type { Dataloaders } from "./data/resolveData.js";
import type { Stage } from "./hookArgs.js";
import type { Hooks } from "./hooks.js";

/**
 * Puts the frame of a run around its body: data is prepared and everything set up before, everything torn down after, and
 * every failure goes through `onException` once.
 *
 * @param loaders - What makes the data, where it is not the module itself, whose hooks are called anyway.
 */
export async function frameRun<T>(
  hooks: Hooks,
  stage: Stage,
  loaders: Dataloaders<never> | null,
  body: () => Promise<T>,
): Promise<T> {
  try {
    await loaders?.prepareData?.();
    await loaders?.setup?.(stage);
    await hooks.call("setup", stage);
    return await body();
  } catch (error) {
    await hooks.call("onException", error);
    throw error;
  } finally {
    await hooks.call("teardown", stage);
    await loaders?.teardown?.(stage);
  }
}
