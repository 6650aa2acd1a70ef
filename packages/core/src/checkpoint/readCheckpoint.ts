import { FulmineError } from "../errors/fulmineError.js";
import type { Files } from "../platform/platform.js";
import type { Checkpoint } from "./checkpoint.js";
import { decodeCheckpoint } from "./checkpointFile.js";

/**
 * Reads a checkpoint's file.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` when there is none that can be read, `UNAVAILABLE` where there are no
 * files.
 */
export async function readCheckpoint(path: string, files: Files): Promise<Checkpoint> {
  return decodeCheckpoint(await read(path, files));
}

async function read(path: string, files: Files): Promise<Uint8Array> {
  try {
    return await files.read(path);
  } catch (error) {
    if (error instanceof FulmineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FulmineError("INVALID_CHECKPOINT", `The checkpoint's file can't be read (${reason}).`, {
      received: path,
      todo: "Pass the path of a file that ModelCheckpoint or `trainer.saveCheckpoint` has written.",
      cause: error,
    });
  }
}
