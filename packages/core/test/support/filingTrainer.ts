import * as core from "@fulmine/core";

/** A Trainer whose files stand in a map, with a list of what was done to them. */
export class FilingTrainer extends core.Trainer {
  /** The files by their paths. */
  readonly stored = new Map<string, Uint8Array>();
  /** What was done, in order, e.g. `"write ./checkpoints/last.ckpt"`. */
  readonly done: string[] = [];
  protected override readonly platform: core.Platform = {
    ...core.portablePlatform,
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
