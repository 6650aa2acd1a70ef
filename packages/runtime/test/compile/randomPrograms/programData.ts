import * as tf from "@tensorflow/tfjs";
import { DataLoader, seeded, withVariableShapes, type Batch, type DataSource } from "@fulmine/core";
import type { Program } from "./program.js";

/** One batch of a program. */
export interface ProgramBatch extends Batch {
  readonly xs: tf.Tensor2D;
  readonly ys: tf.Tensor2D;
  /** In every fourth batch the same tensor as `xs`. */
  readonly also: tf.Tensor2D;
  readonly weight: number;
  readonly tag: string;
}

/** The data of one run. */
export interface ProgramData {
  readonly source: DataSource<ProgramBatch>;
  dispose(): void;
}

export const dataNames = ["list", "loader", "generator"] as const;
export type DataName = (typeof dataNames)[number];

const ROWS = 4;
const SHORT = 3;

function makeBatch(index: number, rows: number): ProgramBatch {
  return seeded(100 + index, () => {
    const isRare = index % 4 === 2;
    const xs = tf.randomUniform<tf.Rank.R2>([rows, 6], -1, 1);
    const also = isRare ? xs : tf.randomUniform<tf.Rank.R2>([rows, 6], -1, 1);
    const ys = tf.randomUniform<tf.Rank.R2>([rows, 2]);
    return { xs, also, ys, weight: isRare ? 2 : 1, tag: isRare ? "rare" : "usual" };
  });
}

/** The number of rows of each batch of an epoch. */
function sizesOf({ batchesPerEpoch, isLastShort }: Program): number[] {
  const isShort = (index: number) => isLastShort && index === batchesPerEpoch - 1;
  return Array.from({ length: batchesPerEpoch }, (_, index) => (isShort(index) ? SHORT : ROWS));
}

/** Batches with the same tensors in every epoch. */
function list(program: Program): ProgramData {
  const batches = sizesOf(program).map((rows, index) => makeBatch(index, rows));
  return { source: batches, dispose: () => tf.dispose(batches.map(({ xs, ys, also }) => [xs, ys, also])) };
}

/** A shuffled loader, with new tensors in every step. */
function loader(program: Program): ProgramData {
  const rows = sizesOf(program).reduce((sum, size) => sum + size, 0);
  const { xs, ys, also } = makeBatch(0, rows);
  const fields = { xs, ys, also };
  const transform = (batch: typeof fields): ProgramBatch => ({ ...batch, weight: 1, tag: "usual" });
  const source = new DataLoader(fields, {
    ...{ batchSize: ROWS, shuffle: true },
    transform: (batch) => transform(batch as typeof fields),
  });
  return { source, dispose: () => tf.dispose([xs, ys, also]) };
}

/** Batches that live until the next one is requested. */
function generator(program: Program): ProgramData {
  const source = withVariableShapes({
    *[Symbol.iterator]() {
      for (const [index, rows] of sizesOf(program).entries()) {
        const batch = makeBatch(index, rows);
        try {
          yield batch;
        } finally {
          tf.dispose([batch.xs, batch.ys, batch.also]);
        }
      }
    },
  });
  return { source, dispose: () => undefined };
}

/** The kinds of data. */
export const makeData: Readonly<Record<DataName, (program: Program) => ProgramData>> = {
  list,
  loader,
  generator,
};
