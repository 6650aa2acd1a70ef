import type { CompileTrainer } from "@fulmine/runtime";

/** How many steps of a Trainer's last run were replayed compiled. */
export function replaysOf(trainer: CompileTrainer): number {
  return trainer.explainCompile().steps.reduce((sum, { replays }) => sum + replays, 0);
}
