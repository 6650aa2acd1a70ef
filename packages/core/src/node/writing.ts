import { reasonOf } from "../errors/describe.js";
import { FulmineError } from "../errors/fulmineError.js";

/**
 * Does something that writes to a path, and tells what to do when it can't be written.
 *
 * @throws {@link FulmineError} `INVALID_OPTION`, with the file system's error as its cause.
 */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof FulmineError) throw error;
    const reason = reasonOf(error);
    throw new FulmineError("INVALID_OPTION", `A logger can't write there: ${reason}.`, {
      received: path,
      todo: "Give it a path that this program may write to, on a disk that is not full.",
      cause: error,
    });
  }
}
