import { scalar, tidy, type Scalar, type Tensor } from "@tensorflow/tfjs-core";
import type { RandomState } from "../random/randomState.js";

/** Where a piece draws its random numbers from. */
export type Chance = Pick<RandomState, "float">;

/** What came of a piece. */
export interface PieceResult<R> {
  /** New tensors, which are the caller's to dispose. */
  readonly tensors: readonly Tensor[];
  /** What else it gave, in plain data: what the tensors mean. */
  readonly notes: R;
  /** The notes' content in one text: equal texts mean the same. */
  readonly signature: string;
  /** Why this piece can't be done again without its JavaScript; `null` when nothing speaks against it. */
  readonly refusal: string | null;
}

/**
 * A synchronous piece of a step, with all that changes from one call to the next said beside it, so that a
 * {@link StepRunner} may do it another way than by running its JavaScript.
 *
 * Variables need not be named: a piece may read and assign them.
 */
export interface StepPiece<R> {
  /** What it is, e.g. `"training step"`. */
  readonly name: string;
  /** The module whose step it is. */
  readonly module: object;
  /** The tensors that it takes: a batch's, an optimizer's slots. */
  readonly inputs: readonly Tensor[];
  /**
   * Which results are the next values of inputs that nobody wants any more: pairs of the input's index and the result's. A
   * runner may put such a value into the input itself and give that as the result.
   */
  readonly renewed: readonly (readonly [input: number, result: number])[];
  /** The numbers that it takes, as float32 scalars. */
  readonly scalars: readonly number[];
  /** Whatever else it depends on: with equal values, one by one, it does the same. */
  readonly fixed: readonly unknown[];
  /** Where its random numbers come from. */
  readonly random: RandomState;
  /** Does it, op by op. */
  run(scalars: readonly Scalar[], random: Chance): PieceResult<R>;
}

/** What runs the pieces of steps. */
export interface StepRunner {
  /** Runs a piece; the tensors of the result are the caller's to dispose. */
  run<R>(piece: StepPiece<R>): Pick<PieceResult<R>, "tensors" | "notes">;
  /** Told when a run is over, to let go of what it holds. */
  end(): void;
}

/** What a piece runs with, where it is not its own. */
export interface PieceMeans {
  readonly random: Chance;
  readonly scalars: readonly Scalar[];
}

/** Runs a piece as it is written. */
export function runOpByOp<R>(piece: StepPiece<R>, means?: PieceMeans): PieceResult<R> {
  const results: PieceResult<R>[] = [];
  tidy(() => {
    const scalars = means?.scalars ?? piece.scalars.map((value) => scalar(value));
    const result = piece.run(scalars, means?.random ?? piece.random);
    results.push(result);
    return [...result.tensors];
  });
  return results[0] as PieceResult<R>;
}

/** The runner that a Trainer has unless a plug-in brings a better one. */
export const opByOp: StepRunner = { run: (piece) => runOpByOp(piece), end: () => undefined };
