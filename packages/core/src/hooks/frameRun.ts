import type { Stage } from "./hookArgs.js";
import type { Hooks } from "./hooks.js";

/** The data of a run, as far as it is to be made and cleaned up. */
export interface FramedData {
  prepare(): Promise<void>;
  tearDown(): Promise<void>;
}

/**
 * Puts the frame of a run around its body: data is prepared and everything set up before, all of it is torn down after,
 * and every failure goes through `onException` once.
 */
export async function frameRun<T>(
  hooks: Hooks,
  stage: Stage,
  data: FramedData,
  body: () => Promise<T>,
): Promise<T> {
  try {
    await data.prepare();
    await hooks.call("setup", stage);
    return await body();
  } catch (error) {
    await hooks.call("onException", error);
    throw error;
  } finally {
    try {
      await data.tearDown();
    } finally {
      await hooks.call("teardown", stage);
    }
  }
}
