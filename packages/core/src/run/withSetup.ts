import type { Stage } from "../data/dataloaders.js";
import type { Hooks } from "./hooks.js";

/** The data of a run, as far as it is to be made and cleaned up. */
export interface FramedData {
  prepare(): Promise<void>;
  tearDown(): Promise<void>;
}

/**
 * Puts the frame of a run around its body: data is prepared and everything set up before, all of it is torn down after,
 * and every failure goes through `onException` once.
 *
 * @param report - Is told what else fails when the run has failed already, whose own error is the one to know.
 */
export async function withSetup<T>(
  hooks: Hooks,
  stage: Stage,
  data: FramedData,
  report: (what: string, error: unknown) => void,
  body: () => Promise<T>,
): Promise<T> {
  const tearDown = async (): Promise<void> => {
    try {
      await data.tearDown();
    } finally {
      await hooks.call("teardown", stage);
    }
  };
  let result: T;
  try {
    await data.prepare();
    await hooks.call("setup", stage);
    result = await body();
  } catch (error) {
    await hooks.call("onException", error).catch((second: unknown) => report("onException", second));
    await tearDown().catch((second: unknown) => report("teardown", second));
    throw error;
  }
  await tearDown();
  return result;
}
