import {
  FulmineError,
  type Batch,
  type Callback,
  type Dataloaders,
  type DataSource,
  type Module,
  type RunOptions,
} from "@fulmine/core";
import { CliTrainer, prepareCli } from "./cliTrainer.js";
import { findCheckpoint, requireCheckpoint } from "./findCheckpoint.js";
import { readRunFlags } from "./sharedFlags.js";
import { heldOutData, loadTrainingFile, requireTrainingFile } from "./trainingFile.js";

/** A pass over held-out data: the arguments of `trainer.test` and `trainer.predict`. */
interface HeldOutPass {
  readonly trainer: InstanceType<typeof CliTrainer>;
  readonly model: Module;
  readonly data: DataSource<Batch> | Dataloaders<Batch> | undefined;
  readonly options: RunOptions;
}

/** What a command runs on held-out data. */
interface HeldOutCommand<T> {
  /** The path of the training file. */
  readonly file: string;
  /** The part of the data. */
  readonly part: "test" | "predict";
  readonly flags: {
    readonly checkpoint?: string | undefined;
    readonly seed?: string | undefined;
    readonly accelerator?: string | undefined;
  };
  /** Callbacks in addition to those of the file. */
  readonly callbacks?: readonly Callback[];
  /** Checks before anything is loaded. */
  readonly prepare?: () => Promise<void>;
  readonly pass: (run: HeldOutPass) => Promise<T>;
}

/**
 * Loads a training file, finds the checkpoint, and runs a pass over its held-out data.
 *
 * @returns The result, and the path of the checkpoint; `null` for a model without one, which is said.
 * @throws UsageError for a wrong flag, FulmineError `ABORTED` when a signal stopped the pass, and any error of the pass.
 */
export async function runHeldOut<T>({
  file,
  part,
  flags,
  callbacks = [],
  prepare,
  pass,
}: HeldOutCommand<T>): Promise<{ readonly result: T; readonly checkpoint: string | null }> {
  const { seed, accelerator } = readRunFlags(flags);
  requireTrainingFile(file);
  requireCheckpoint("checkpoint", flags.checkpoint);
  await prepare?.();
  await prepareCli(accelerator);
  const loaded = await loadTrainingFile(file, seed.seed);
  const checkpoint = await findCheckpoint("checkpoint", flags.checkpoint, loaded);
  const { model, trainer: options } = loaded;
  const data = heldOutData(file, loaded, part);
  const trainer = new CliTrainer({
    ...{ ...options, ...seed },
    callbacks: [...(options.callbacks ?? []), ...callbacks],
  });
  if (checkpoint === undefined)
    console.error("No --checkpoint is given: the model has the weights that the training file gives it.");
  const result = await pass({
    trainer,
    model,
    data,
    options: checkpoint === undefined ? {} : { checkpoint },
  });
  if (trainer.wasInterrupted)
    throw new FulmineError("ABORTED", `The ${part} run was stopped before it ended.`, {
      todo: "Run it again: a part of the data gives no result.",
    });
  return { result, checkpoint: checkpoint ?? null };
}
