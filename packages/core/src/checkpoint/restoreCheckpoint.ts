import { tensor, util } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import type { Run } from "../loops/run.js";
import type { Checkpoint } from "./checkpoint.js";
import { statefulCallbacks } from "./makeCheckpoint.js";

/**
 * Puts a fit where a checkpoint was made. Everything is checked before anything is changed, so that a module is never left
 * half-loaded.
 *
 * @throws {@link FulmineError} `INVALID_CHECKPOINT` when it is not of this module, `INVALID_STATE` when an optimizer's or
 * schedule's part does not fit.
 */
export function restoreCheckpoint<B>(run: Run<B>, checkpoint: Checkpoint): void {
  const { module, variables, optimizers, schedulers, state, train, hooks } = run;
  checkVariables(run, checkpoint);
  checkCount("optimizers", optimizers.length, checkpoint.optimizers.length);
  checkCount("schedules", schedulers.length, checkpoint.schedulers.length);
  for (const [index, optimizer] of optimizers.entries()) {
    const saved = checkpoint.optimizers[index];
    if (saved !== undefined) optimizer.loadStateDict(saved);
  }
  for (const [index, scheduler] of schedulers.entries()) {
    const saved = checkpoint.schedulers[index];
    if (saved !== undefined) scheduler.loadStateDict(saved);
  }
  for (const [index, variable] of variables.all.entries()) {
    const saved = checkpoint.variables[index]?.value;
    if (saved === undefined) continue;
    const value = tensor(saved.values.slice(), [...saved.shape], saved.dtype);
    variable.assign(value);
    value.dispose();
  }
  Object.assign(module.hparams, structuredClone(checkpoint.hparams));
  const { random, metrics, ...counters } = checkpoint.progress;
  Object.assign(state, counters);
  state.random.restore(random);
  state.metrics.restore(metrics);
  if (checkpoint.train !== null) train.loadStateDict?.(checkpoint.train);
  for (const [key, callback] of statefulCallbacks(hooks.callbacks)) {
    if (key in checkpoint.callbacks) callback.loadStateDict?.(checkpoint.callbacks[key]);
  }
}

function checkVariables<B>({ variables }: Run<B>, checkpoint: Checkpoint): void {
  checkCount("variables", variables.all.length, checkpoint.variables.length);
  for (const [index, variable] of variables.all.entries()) {
    const saved = checkpoint.variables[index];
    if (saved === undefined) continue;
    const { shape, dtype } = saved.value;
    if (util.arraysEqual([...shape], variable.shape) && dtype === variable.dtype) continue;
    const here = `${variable.dtype} [${(variable.shape as number[]).join(", ")}]`;
    const there = `${dtype} [${shape.join(", ")}]`;
    throw misfit(
      `Variable ${index} ("${variable.name}") is ${here} in the module and ${there} in the checkpoint.`,
    );
  }
}

function checkCount(what: string, here: number, there: number): void {
  if (here !== there) throw misfit(`The module has ${here} ${what}, and the checkpoint ${there}.`);
}

function misfit(problem: string): FulmineError {
  return new FulmineError("INVALID_CHECKPOINT", problem, {
    todo: "Load it into the module that it was made of.",
  });
}
