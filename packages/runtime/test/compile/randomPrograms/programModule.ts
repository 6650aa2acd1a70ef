import * as tf from "@tensorflow/tfjs";
import {
  meanSquaredError,
  type ManualStepOutput,
  type Optimizer,
  type OptimizerConfig,
  type StepOutput,
} from "@fulmine/core";
import { acts, type ActName } from "./acts/acts.js";
import { changes, type ChangeName } from "./acts/changes.js";
import type { Journal } from "./journal.js";
import { NumbersModule } from "./numbersModule.js";
import { isTime, type Program, type Statement } from "./program.js";
import type { ProgramBatch } from "./programData.js";
import { makeNet, type ProgramNet } from "./programNet.js";
import { configure } from "./programOptimizers.js";
import { numberOf } from "./sources.js";
import type { Step } from "./step.js";

/** A module that executes a program and keeps a journal. */
export class ProgramModule extends NumbersModule {
  override readonly automaticOptimization: boolean;
  readonly net: ProgramNet;
  readonly first = makeVariable(() => tf.randomUniform<tf.Rank.R2>([6, 2], -0.5, 0.5));
  readonly second = makeVariable(() => tf.randomUniform<tf.Rank.R2>([6, 2], -0.5, 0.5));
  readonly average = makeVariable(() => tf.scalar(0), false);
  readonly otherAverage = makeVariable(() => tf.scalar(0), false);
  readonly metric = meanSquaredError();
  readonly pushed: number[] = [];
  readonly buffer = new Float32Array([1, 0.5]);
  readonly promises: Promise<ArrayLike<number>>[] = [];
  /** A tensor that a step has kept for the next one. */
  kept: tf.Scalar | null = null;
  /** Clones of weights, with the values that they must keep. */
  readonly clones: tf.Tensor[] = [];
  /** A tensor that is a property, and one that the module does not reference. */
  given = tf.tensor1d([0.5, -0.5]);
  readonly outside: { readonly read: () => tf.Tensor1D; readonly write: (value: tf.Tensor1D) => void };

  readonly #journal: Journal;

  constructor(
    readonly program: Program,
    journal: Journal,
  ) {
    super(0.05);
    this.#journal = journal;
    this.automaticOptimization = !program.isManual;
    this.net = makeNet(program.net);
    let outside = tf.tensor1d([1, -1]);
    this.outside = { read: () => outside, write: (value) => (outside = value) };
  }

  /** The events so far. */
  get journal(): Journal {
    return this.#journal;
  }

  trainingStep(batch: ProgramBatch, batchIdx: number): ManualStepOutput {
    return this.train(batch, batchIdx);
  }

  configureOptimizers(): OptimizerConfig {
    const { optimizer, hasSchedule } = this.program;
    return configure(this, optimizer, hasSchedule);
  }

  /** Executes a statement if it is due. */
  perform(statement: Statement, call: number, step: Step | null): void {
    if (!isTime(statement.when, call)) return;
    this.journal.note("does", statement.does);
    if (statement.does === "write") {
      this.write(statement.to, (this.read(statement.to) + 1) % 7);
      return;
    }
    const number = numberOf(this, statement.of, step);
    this.journal.note("number", number);
    if (statement.does in changes) changes[statement.does as ChangeName](this, number);
    else if (step !== null) acts[statement.does as ActName](this, step, number);
  }

  /** The training step, with automatic or manual optimization. */
  train(batch: ProgramBatch, batchIdx: number): StepOutput | Promise<StepOutput> {
    const call = this.journal.begin("training", batchIdx);
    return this.automaticOptimization
      ? this.#output(batch, batchIdx, call)
      : this.#manual(batch, batchIdx, call);
  }

  validate(batch: ProgramBatch, batchIdx: number): StepOutput {
    const call = this.journal.begin("validation", batchIdx);
    const loss = this.#lossOf("validation", this.program.validation ?? [], batch, batchIdx, call);
    this.log("val_loss", loss);
    return loss;
  }

  /** Frees all tensors. */
  dispose(): void {
    this.metric.reset();
    tf.dispose([this.kept ?? [], this.given, this.outside.read(), ...this.clones]);
    tf.disposeVariables();
  }

  async #manual(batch: ProgramBatch, batchIdx: number, call: number): Promise<StepOutput> {
    const losses: tf.Tensor[] = [];
    for (const optimizer of this.optimizers()) {
      const { loss, gradients } = this.#backward(optimizer, batch, batchIdx, call);
      losses.push(loss);
      this.journal.note("manual loss", loss.dataSync()[0]);
      await this.manualStep(optimizer, gradients);
    }
    const [last, ...others] = losses.reverse() as [tf.Tensor, ...tf.Tensor[]];
    tf.dispose(others);
    return last;
  }

  #backward(optimizer: Optimizer, batch: ProgramBatch, batchIdx: number, call: number) {
    return this.manualBackward(
      () => this.#lossOf("training", this.program.training, batch, batchIdx, call),
      optimizer,
    );
  }

  #output(batch: ProgramBatch, batchIdx: number, call: number): StepOutput {
    const loss = this.#lossOf("training", this.program.training, batch, batchIdx, call);
    return this.program.returns === "scalar" ? loss : { loss };
  }

  #lossOf(
    kind: Step["kind"],
    statements: readonly Statement[],
    batch: ProgramBatch,
    batchIdx: number,
    call: number,
  ): tf.Scalar {
    const { xs, ys } = batch;
    const predicted = this.net.model.apply(xs, { training: kind === "training" }) as tf.Tensor2D;
    const loss = tf.losses.meanSquaredError<tf.Tensor, tf.Scalar>(ys, predicted);
    const step: Step = { kind, batch, batchIdx, predicted, loss, hasUsedBuffer: false };
    for (const statement of statements) this.perform(statement, call, step);
    return step.loss;
  }
}

function makeVariable<R extends tf.Rank>(make: () => tf.Tensor<R>, trainable = true): tf.Variable<R> {
  return tf.tidy(() => tf.variable(make(), trainable));
}
