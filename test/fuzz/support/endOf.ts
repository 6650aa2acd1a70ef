import { FulmineError } from "@fulmine/core";
import { OwnError } from "./hostile.js";
import { readable } from "./readable.js";

/** How something ended: well, by a refusal of ours, or by what a function of the user's threw. */
export type End = "done" | FulmineError | OwnError;

/**
 * Runs something and says how it ended.
 *
 * @throws Whatever it threw that is no error of ours, and an error when one of ours can't be read.
 */
export async function endOf(run: () => unknown): Promise<End> {
  try {
    await run();
    return "done";
  } catch (error) {
    if (error instanceof OwnError) return error;
    if (error instanceof FulmineError) return readable(error);
    throw error;
  }
}
