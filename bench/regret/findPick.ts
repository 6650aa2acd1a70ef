import { Trainer } from "@fulmine/core";
import { withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";
import { TaskModule } from "./taskModule.js";
import type { RegretTask } from "./regretTask.js";
import { loaderOf, valLoaderOf } from "./trainAtRate.js";

const FindingTrainer = withLrFinder(Trainer);

/** Searches a task's learning rate from one seed, with the weights and batches that training from this seed uses. */
export async function findPick(task: RegretTask, seed: number, options: FindLrOptions): Promise<LrFinder> {
  const module = new TaskModule(task, seed, 1e-3);
  try {
    const trainer = new FindingTrainer({ seed, enableProgressBar: false });
    const data = { train: loaderOf(task), ...(options.refine ? { val: valLoaderOf(task) } : {}) };
    return await trainer.findLr(module, data, { ...options, progress: false });
  } finally {
    module.net.dispose();
  }
}

/** The number of training steps that a search took. */
export function stepsOf({ results: { lr, trials = [] } }: LrFinder): number {
  return trials.reduce((sum, { loss }) => sum + loss.length, lr.length);
}
