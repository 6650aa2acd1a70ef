import { Trainer } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";

/** A Trainer whose files are in a map, with a list of all writes and removals. */
export class FilingTrainer extends Trainer {
  /** The files by their paths. */
  readonly stored = new Map<string, Uint8Array>();
  /** The writes and removals, in order, e.g. `"write ./checkpoints/last.ckpt"`. */
  readonly done: string[] = [];
  protected override readonly platform: Platform = {
    ...portablePlatform,
    files: {
      write: async (path, content) => {
        this.done.push(`write ${path}`);
        this.stored.set(path, content);
      },
      read: async (path) => this.stored.get(path) ?? Promise.reject(new Error(`no ${path}`)),
      remove: async (path) => {
        this.done.push(`remove ${path}`);
        this.stored.delete(path);
      },
    },
  };
}
