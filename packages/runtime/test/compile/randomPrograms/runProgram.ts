import * as tf from "@tensorflow/tfjs";
import { findVariables, seeded, type Callback, type TrainerOptions } from "@fulmine/core";
import { CompilingTrainer } from "../support/compilingTrainer.js";
import { Journal } from "./journal.js";
import { makeModule } from "./makeModule.js";
import { placeNames } from "./numbersModule.js";
import type { Program } from "./program.js";
import { makeData } from "./programData.js";
import type { ProgramModule } from "./programModule.js";
import { replaysOf } from "./replaysOf.js";

/** The outcome of a run. */
export interface Outcome {
  /** Its journal, in order. */
  readonly lines: readonly string[];
  /** The number of steps that a graph replayed. */
  readonly replays: number;
  /** The number of tensors left after everything is disposed. */
  readonly leaked: number;
}

/** Trains a program. */
export async function runProgram(program: Program, compile: "auto" | boolean): Promise<Outcome> {
  const [before, journal] = [counts(), new Journal()];
  const data = makeData[program.data](program);
  const held = makeData.list({ ...program, batchesPerEpoch: 2 });
  const { module, callback } = seeded(3, () => makeModule(program, journal));
  const trainer = new CompilingTrainer({
    ...optionsOf(program),
    ...{ compile, callbacks: [callback, recorder(journal)] },
  });
  Object.defineProperty(trainer, "display", { value: { ...trainer.display, warn: () => undefined } });
  const isValidated = program.validation !== null;
  const input = { train: data.source, ...(isValidated ? { val: held.source } : {}) };
  const stopListening = listenToConsole(journal);
  let replays = 0;
  try {
    for (let fit = 0; fit < program.fits; fit++) {
      const { status } = await trainer
        .fit(module, input)
        .catch((error: unknown) => ({ status: String(error) }));
      journal.note("fit", status);
      replays += replaysOf(trainer);
    }
  } finally {
    stopListening();
  }
  await noteState(module);
  trainer.dispose();
  // A compiled step gives each variable that shares a buffer a buffer of its own.
  journal.note("tensors", counts().tensors - before.tensors);
  module.dispose();
  data.dispose();
  held.dispose();
  const leaked = counts().tensors - before.tensors;
  noteCounts(journal, before);
  return { lines: journal.lines, leaked, replays };
}

function optionsOf({ clip, isManual, ...program }: Program): TrainerOptions {
  const { steps, batchesPerEpoch, accumulateGradBatches } = program;
  const byTrainer: TrainerOptions = {
    ...{ accumulateGradBatches },
    ...(clip === "none" ? {} : { gradientClipVal: 0.1, gradientClipAlgorithm: clip }),
  };
  return {
    ...{ maxEpochs: Math.max(1, Math.round(steps / batchesPerEpoch)), seed: 7, logger: false },
    ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
    ...(isManual ? {} : byTrainer),
  };
}

/** Records losses and metrics, and the random state after each epoch. */
function recorder(journal: Journal): Callback {
  return {
    onTrainBatchEnd: ({ callbackMetrics }, _, { loss }) => journal.note("loss", loss, callbackMetrics),
    onValidationEpochEnd: ({ callbackMetrics }) => journal.note("validated", callbackMetrics),
    async onTrainEpochEnd(trainer) {
      if (trainer.isAccumulating) return;
      const { progress } = await trainer.checkpoint();
      journal.note("chance", progress.random);
    },
  };
}

/** Records the final state of the module. */
async function noteState(module: ProgramModule): Promise<void> {
  const { journal } = module;
  for (const variable of findVariables(module).all) journal.note("weights", variable.dataSync());
  const { kept, given, outside } = module;
  for (const tensor of [kept, given, outside.read()]) journal.note("tensor", tensor?.dataSync());
  for (const clone of module.clones) journal.note("clone", clone.dataSync());
  for (const promise of module.promises) journal.note("later", await promise);
  for (const place of placeNames) journal.note(place, module.read(place));
  journal.note("pushed", module.pushed, module.longList.length, module.buffer);
  journal.note("metric", await module.metric.compute());
}

interface Counts {
  readonly tensors: number;
  readonly buffers: number;
  readonly dataIds: number;
}

function counts(): Counts {
  const { numTensors, numDataBuffers } = tf.memory();
  return { tensors: numTensors, buffers: numDataBuffers, dataIds: tf.engine().backend.numDataIds() };
}

function noteCounts(journal: Journal, before: Counts): void {
  const { tensors, buffers, dataIds } = counts();
  journal.note("tensors", tensors - before.tensors, buffers - before.buffers, dataIds - before.dataIds);
}

/** Records what programs print, until the returned function is called. */
function listenToConsole(journal: Journal): () => void {
  /* eslint-disable no-console -- printing is one of a program's effects */
  const { log } = console;
  console.log = (text: string) => journal.note("console", text);
  return () => void (console.log = log);
  /* eslint-enable no-console */
}
