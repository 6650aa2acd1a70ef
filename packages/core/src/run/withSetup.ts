import type { GivenData, Stage } from "../data/dataloaders.js";
import type { Hooks } from "./hooks.js";
import type { PreparedData } from "./preparedData.js";

/** What a run sets up. */
export interface Setup<B> {
  readonly stage: Stage;
  readonly data: GivenData<B>;
  /** The DataModules that are already set up. */
  readonly prepared: PreparedData;
  /** Reports errors of `onException` and `teardown` after a failure; only the first error is thrown. */
  readonly reportSecondary: (where: string, error: unknown) => void;
}

/**
 * Runs a function between `setup` and `teardown` of the data and of all hooks. A failure calls `onException` once and is
 * thrown again.
 */
export async function withSetup<B, T>(
  hooks: Hooks,
  { stage, data, prepared, reportSecondary }: Setup<B>,
  body: () => Promise<T>,
): Promise<T> {
  const tearDown = async (): Promise<void> => {
    try {
      await prepared.tearDown(stage);
    } finally {
      await hooks.call("teardown", stage);
    }
  };
  let result: T;
  try {
    await hooks.owners.module.prepareData?.();
    await prepared.prepare(data, stage);
    await hooks.call("setup", stage);
    result = await body();
  } catch (error) {
    await hooks.call("onException", error).catch((second: unknown) => reportSecondary("onException", second));
    await tearDown().catch((second: unknown) => reportSecondary("teardown", second));
    throw error;
  }
  await tearDown();
  return result;
}
