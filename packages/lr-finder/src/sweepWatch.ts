import { FulmineError, type ProgressEvents, type ProgressLine, type RunStatus } from "@fulmine/core";
import type { LrFindHost } from "./lrFindHost.js";

type Told<Name extends "rung" | "trial"> = Omit<ProgressEvents[Name], "type" | "done" | "total">;

/** Sees a search go on. */
export interface SweepWatch {
  /** Sees a rung, after which so many of all steps are done. */
  rung(done: number, rung: Told<"rung">): void;
  /** Sees a trial at one rate, after which so many of all steps are done. */
  trial(done: number, trial: Told<"trial">): void;
}

/**
 * Lets a search be seen, as a live line or by whoever asked the Trainer to be told of progress.
 *
 * @param total - The number of steps that it takes at most.
 */
export async function watched<T>(
  { display, options }: LrFindHost,
  total: number,
  search: (watch: SweepWatch) => Promise<T>,
): Promise<T> {
  const tell = options.onProgress;
  if (tell === undefined) {
    const line = display.progress("Finding the learning rate", total);
    try {
      return await search(drawn(line));
    } finally {
      line.stop();
    }
  }
  const end = (status: RunStatus): void => tell({ type: "end", task: "findLr", status });
  tell({ type: "start", task: "findLr", total });
  let found: T;
  try {
    found = await search({
      rung: (done, rung) => tell({ type: "rung", done, total, ...rung }),
      trial: (done, trial) => tell({ type: "trial", done, total, ...trial }),
    });
  } catch (error) {
    end(error instanceof FulmineError && error.code === "ABORTED" ? "interrupted" : "failed");
    throw error;
  }
  end("finished");
  return found;
}

/** A search that nobody sees. */
export const unwatched: SweepWatch = { rung: () => undefined, trial: () => undefined };

function drawn(line: ProgressLine): SweepWatch {
  return {
    rung: (done, { lr, smoothed, best }) =>
      line.update(done, { lr: rate(lr), loss: smoothed.toPrecision(3), best: best.toPrecision(3) }),
    trial: (done, { lr, loss }) => line.update(done, { lr: rate(lr), loss: loss.toPrecision(3) }),
  };
}

function rate(lr: number): string {
  return lr.toExponential(1);
}
