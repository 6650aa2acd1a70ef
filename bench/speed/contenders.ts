import * as tf from "@tensorflow/tfjs";
import { CsvLogger } from "@fulmine/core/node";
import { adam, DataLoader, findVariables, Trainer, type Batch, type TrainerOptions } from "fulmine";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../results/resultTable.js";
import { BATCHES, type Task } from "./tasks.js";

/** Steps at the start of a run that do not count: those that compile. */
const WARM_UP = 6;
const QUIET: TrainerOptions = {
  ...{ seed: 1, logger: false, numSanityValSteps: 0 },
  ...{ enableProgressBar: false, enableModelSummary: false, enableCheckpointing: false },
};

/** A task with its batches made beforehand. */
export class Contest {
  readonly #task: Task;
  readonly #batches: Batch[];
  readonly #xs: tf.Tensor;
  readonly #ys: tf.Tensor;

  constructor(task: Task) {
    this.#task = task;
    const { xs, ys } = task.makeData();
    this.#xs = xs;
    this.#ys = ys;
    const { batchSize } = task;
    this.#batches = Array.from({ length: BATCHES }, (_, index) => ({
      xs: tf.slice(xs, index * batchSize, batchSize),
      ys: tf.slice(ys, index * batchSize, batchSize),
    }));
  }

  /** Steps of the Trainer on ready batches, in milliseconds each, and what compiling took. */
  async trainer(compile: boolean): Promise<{ times: number[]; compiling: number }> {
    const times: number[] = [];
    let start = 0;
    const trainer = new Trainer({
      ...QUIET,
      compile,
      maxSteps: this.#task.steps + WARM_UP,
      callbacks: [
        {
          onTrainBatchStart: () => void (start = performance.now()),
          onTrainBatchEnd: () => void times.push(performance.now() - start),
        },
      ],
    });
    await trainer.fit(this.#task.makeTrainee(), { train: this.#ready() });
    trainer.dispose();
    const step = trainer.explainCompile().steps.find(({ status }) => status === "compiled");
    return { times: times.slice(WARM_UP), compiling: step?.milliseconds ?? NaN };
  }

  /** How much of a compiled step passes within TensorFlow, from 0 to 1. */
  async withinTensorflow(): Promise<number> {
    const backend = tf.backend() as unknown as {
      binding: { runSavedModel: (...args: unknown[]) => unknown };
    };
    const { binding } = backend;
    const within: number[] = [];
    const runSavedModel = (...args: unknown[]): unknown => {
      const start = performance.now();
      const result = binding.runSavedModel(...args);
      within.push(performance.now() - start);
      return result;
    };
    // The binding's own members can't be written to, only be covered.
    backend.binding = Object.create(binding, { runSavedModel: { value: runSavedModel } }) as typeof binding;
    try {
      const { times } = await this.trainer(true);
      return median(within) / median(times);
    } finally {
      backend.binding = binding;
    }
  }

  /** The same steps written by hand, eager. */
  bareLoop(): number[] {
    const module = this.#task.makeTrainee();
    const optimizer = adam({ lr: 1e-3 });
    const { trainable } = findVariables(module);
    optimizer.attach(trainable);
    const times = this.#steps().map((batch) => {
      const start = performance.now();
      const { value, grads } = tf.variableGrads(
        () => module.trainingStep(batch) as tf.Scalar,
        [...trainable],
      );
      optimizer.step(new Map(trainable.map((variable) => [variable, grads[variable.name] as tf.Tensor])));
      value.dataSync();
      tf.dispose([value, grads]);
      return performance.now() - start;
    });
    optimizer.dispose();
    return times.slice(WARM_UP);
  }

  /** A whole fit with a shuffling loader, compiling included: milliseconds per step. */
  async fit(epochs: number): Promise<number> {
    const trainer = new Trainer({ ...QUIET, maxEpochs: epochs });
    const start = performance.now();
    await trainer.fit(this.#task.makeTrainee(), { train: this.#loader() });
    trainer.dispose();
    return (performance.now() - start) / (BATCHES * epochs);
  }

  /** tfjs's own fit on the same data: milliseconds per step; `null` for a net that is not made of layers. */
  async layersFit(epochs: number): Promise<number | null> {
    const net = this.#task.makeNet?.();
    if (net === undefined) return null;
    net.compile({
      optimizer: tf.train.adam(1e-3),
      loss: (ys, logits) => tf.losses.softmaxCrossEntropy(ys, logits),
    });
    const start = performance.now();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- tfjs does not export the enum
    await net.fit(this.#xs, this.#ys, { batchSize: this.#task.batchSize, epochs, verbose: 0, shuffle: true });
    return (performance.now() - start) / (BATCHES * epochs);
  }

  /** A search of 100 steps, everything included: milliseconds. */
  async search(): Promise<number> {
    const trainer = new Trainer(QUIET);
    const module = this.#task.makeTrainee();
    const start = performance.now();
    const finder = await trainer.findLr(module, { train: this.#loader() }, { earlyStopThreshold: null });
    finder.suggestion();
    return performance.now() - start;
  }

  /** What the Trainer itself takes of a step beside the compiled step, in microseconds, once it is warm. */
  async overhead(isHeard: boolean): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), "fulmine-bench-"));
    const [cold, steps] = [2000, 6000];
    const trainer = new Trainer({
      ...QUIET,
      ...(isHeard
        ? { logger: new CsvLogger({ dir: folder }), logEveryNSteps: 50, enableProgressBar: true }
        : {}),
      maxSteps: steps,
    });
    let inside = 0;
    let counted = 0;
    let start = 0;
    let total = 0;
    const own = trainer.ready.bind(trainer);
    trainer.ready = async (module) => {
      await own(module);
      const runner = trainer.stepRunner;
      trainer.stepRunner = {
        run(piece) {
          const before = performance.now();
          if (counted === cold) [start, inside] = [before, 0];
          const result = runner.run(piece);
          const after = performance.now();
          inside += after - before;
          counted += 1;
          total = after - start;
          return result;
        },
        end: () => runner.end(),
      };
    };
    try {
      await trainer.fit(this.#task.makeTrainee(), { train: this.#ready() });
    } finally {
      trainer.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
    return (1000 * (total - inside)) / (counted - cold);
  }

  #steps(): Batch[] {
    const { steps } = this.#task;
    return Array.from({ length: steps + WARM_UP }, (_, index) => this.#batches[index % BATCHES] as Batch);
  }

  #ready(): Iterable<Batch> {
    return this.#batches;
  }

  #loader(): DataLoader {
    const { batchSize } = this.#task;
    const field = (tensor: tf.Tensor) => ({
      values: tensor.dataSync() as Float32Array | Int32Array,
      shape: tensor.shape,
    });
    return new DataLoader({ xs: field(this.#xs), ys: field(this.#ys) }, { batchSize, shuffle: true });
  }
}
