import { FulmineError } from "../errors/fulmineError.js";
import type { Callback } from "../module/callback.js";
import { bestCheckpointsOf, saversAmong } from "./savedCheckpoints.js";

/**
 * Finds the checkpoint that a run is to load.
 *
 * @param choice - `"best"` or `"last"`.
 * @param callbacks - The callbacks of the Trainer's last fit.
 * @returns The path of its file.
 * @throws FulmineError `INVALID_CHECKPOINT` if nothing was saved that is the best or the last, or if several are the best.
 */
export function chosenCheckpoint(
  choice: "best" | "last",
  callbacks: readonly Callback[],
  isDevRun: boolean,
): string {
  return (choice === "best" ? chosenBest : chosenLast)(callbacks, isDevRun);
}

function chosenBest(callbacks: readonly Callback[], isDevRun: boolean): string {
  const [best, ...others] = bestCheckpointsOf(callbacks);
  if (best === undefined)
    throw nothingSaved(
      "best",
      isDevRun,
      "Fit first with a ModelCheckpoint that has `monitor`, or pass the path of a file.",
    );
  if (others.length === 0) return best.path;
  throw new FulmineError(
    "INVALID_CHECKPOINT",
    'Several callbacks have a best checkpoint, so "best" names none.',
    {
      received: [best, ...others].map(({ monitor, path }) => `${monitor}: ${path}`),
      todo: "Pass one of their paths: the `bestModelPath` of a ModelCheckpoint.",
    },
  );
}

function chosenLast(callbacks: readonly Callback[], isDevRun: boolean): string {
  const saved = saversAmong(callbacks).flatMap(({ lastCheckpoint }) => lastCheckpoint ?? []);
  const last = saved.reduce<(typeof saved)[number] | undefined>(
    (latest, each) => (latest === undefined || each.step > latest.step ? each : latest),
    undefined,
  );
  if (last !== undefined) return last.path;
  throw nothingSaved(
    "last",
    isDevRun,
    "Fit first with a ModelCheckpoint that has `saveLast: true` or no `monitor`, or pass the path of a file.",
  );
}

function nothingSaved(which: string, isDevRun: boolean, todo: string): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", `This Trainer has saved no ${which} checkpoint.`, {
    todo: isDevRun ? "With `fastDevRun` nothing is saved: pass the path of a file." : todo,
  });
}
