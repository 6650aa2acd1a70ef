import type { CompileTrainer } from "@fulmine/runtime";

/** Counts the steps of a Trainer's last run that a graph replayed. */
export function replaysOf(trainer: CompileTrainer): number {
  return trainer.explainCompile().steps.reduce((sum, { replays }) => sum + replays, 0);
}
