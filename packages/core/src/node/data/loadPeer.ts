import { FulmineError } from "../../errors/fulmineError.js";

/**
 * Loads an optional package.
 *
 * @param name - The name of the package, for messages.
 * @param what - What needs it, at the beginning of a message.
 * @throws FulmineError `UNAVAILABLE` if it is not installed or can't be loaded.
 */
export async function loadPeer<T>(name: string, what: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new FulmineError("UNAVAILABLE", `${what} the package \`${name}\`, which could not be loaded.`, {
      todo: `Run \`npm install ${name}\`.`,
      cause,
    });
  }
}
