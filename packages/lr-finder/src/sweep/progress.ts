import {
  FulmineError,
  type Display,
  type ProgressLine,
  type RunStatus,
  type TrainerOptions,
  type TrainerProgress,
} from "@fulmine/core";

type Values<Type extends TrainerProgress["type"]> = Omit<
  Extract<TrainerProgress, { readonly type: Type }>,
  "type" | "done" | "total"
>;

/** Reports the progress of a search. `done` is the number of completed steps of the whole search. */
export interface SearchProgress {
  /** Reports a rung. */
  rung(done: number, values: Values<"rung">): void;
  /** Reports a trial at one rate. */
  trial(done: number, values: Values<"trial">): void;
}

/** What reporting needs from a Trainer. */
interface ProgressHost {
  readonly display: Display;
  readonly options: Pick<TrainerOptions, "onProgress">;
}

/**
 * Runs a search and reports its progress: to the Trainer's `onProgress` if it is set, else on a progress line.
 *
 * @param total - The maximum number of steps of the search.
 */
export async function reportProgress<T>(
  { display, options }: ProgressHost,
  total: number,
  search: (progress: SearchProgress) => Promise<T>,
): Promise<T> {
  const { onProgress } = options;
  if (onProgress === undefined) {
    const line = display.progress("Finding the learning rate", total);
    try {
      return await search(onLine(line));
    } finally {
      line.stop();
    }
  }
  const end = (status: RunStatus): void => onProgress({ type: "end", task: "findLr", status });
  onProgress({ type: "start", task: "findLr", total });
  let result: T;
  try {
    result = await search({
      rung: (done, values) => onProgress({ type: "rung", done, total, ...values }),
      trial: (done, values) => onProgress({ type: "trial", done, total, ...values }),
    });
  } catch (error) {
    end(error instanceof FulmineError && error.code === "ABORTED" ? "interrupted" : "failed");
    throw error;
  }
  end("finished");
  return result;
}

/** Reports nothing. */
export const silentProgress: SearchProgress = { rung: () => undefined, trial: () => undefined };

function onLine(line: ProgressLine): SearchProgress {
  return {
    rung: (done, { lr, smoothed, best }) =>
      line.update(done, { lr: rate(lr), loss: smoothed.toPrecision(3), best: best.toPrecision(3) }),
    trial: (done, { lr, loss }) => line.update(done, { lr: rate(lr), loss: loss.toPrecision(3) }),
  };
}

function rate(lr: number): string {
  return lr.toExponential(1);
}
