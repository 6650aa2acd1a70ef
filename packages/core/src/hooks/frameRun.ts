import type { Stage } from "./hookArgs.js";
import type { Hooks } from "./hooks.js";

/**
 * Puts the frame of a run around its body: everything is set up before and torn down after, and every failure goes through
 * `onException` once.
 */
export async function frameRun<T>(hooks: Hooks, stage: Stage, body: () => Promise<T>): Promise<T> {
  try {
    await hooks.call("setup", stage);
    return await body();
  } catch (error) {
    await hooks.call("onException", error);
    throw error;
  } finally {
    await hooks.call("teardown", stage);
  }
}
