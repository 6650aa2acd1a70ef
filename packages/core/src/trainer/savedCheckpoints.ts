import type { ModelCheckpoint } from "../callbacks/modelCheckpoint/modelCheckpoint.js";
import type { BestCheckpoint } from "../checkpoint/bestCheckpoint.js";
import type { Checkpoint } from "../checkpoint/checkpoint.js";
import { FulmineError } from "../errors/fulmineError.js";
import type { Callback } from "../module/callback.js";

/** The part of a `ModelCheckpoint` that tells what it has saved. */
type Saver = Pick<ModelCheckpoint, "bestCheckpoint" | "lastCheckpoint">;

/**
 * The best checkpoint of a fit.
 *
 * @param callbacks - The callbacks of the fit; the first that has a best checkpoint decides.
 */
export function bestCheckpointOf(callbacks: readonly Callback[]): BestCheckpoint | null {
  return bestCheckpointsOf(callbacks)[0] ?? null;
}

/**
 * Finds the checkpoint that a run is to load.
 *
 * @param choice - `"best"`, `"last"`, the path of a file, or a checkpoint. A file of the name `best` is `"./best"`.
 * @param callbacks - The callbacks of the Trainer's last fit.
 * @returns A path or a checkpoint; `undefined` if there is no choice.
 * @throws FulmineError `INVALID_CHECKPOINT` if nothing was saved that is the best or the last, or if several are the best.
 */
export function chosenCheckpoint(
  choice: string | Checkpoint | undefined,
  callbacks: readonly Callback[],
  isDevRun: boolean,
): string | Checkpoint | undefined {
  if (choice === "best") return chosenBest(callbacks, isDevRun);
  if (choice === "last") return chosenLast(callbacks, isDevRun);
  return choice;
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

function bestCheckpointsOf(callbacks: readonly Callback[]): readonly BestCheckpoint[] {
  return saversAmong(callbacks).flatMap(({ bestCheckpoint }) => bestCheckpoint ?? []);
}

/** The callbacks that tell what they saved. It imports no class, because most fits save nothing. */
function saversAmong(callbacks: readonly Callback[]): readonly Saver[] {
  return callbacks.filter(
    (callback): callback is Callback & Saver => "bestCheckpoint" in callback && "lastCheckpoint" in callback,
  );
}

function nothingSaved(which: string, isDevRun: boolean, todo: string): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", `This Trainer has saved no ${which} checkpoint.`, {
    todo: isDevRun ? "With `fastDevRun` nothing is saved: pass the path of a file." : todo,
  });
}
