import { describe, shortened } from "./describe.js";

/** The longest problem text. Names that a user chose may be of any length. */
const LONGEST = 1000;

/**
 * The error codes.
 *
 * A plug-in adds its own codes by declaration merging:
 *
 * ```ts
 * declare module "@fulmine/core" {
 *   interface ErrorCodes {
 *     // What the code means.
 *     NO_BUDGET: true;
 *   }
 * }
 * ```
 */
export interface ErrorCodes {
  /** An option has an invalid value. */
  INVALID_OPTION: true;
  /** An option does not exist. */
  UNKNOWN_OPTION: true;
  /** The module can't be run. */
  INVALID_MODULE: true;
  /** Data is missing or can't be read. */
  INVALID_DATA: true;
  /** Data has no batch. */
  EMPTY_DATA: true;
  /** A step did something that is not allowed, or returned an invalid value. */
  INVALID_STEP: true;
  /** A method was called at the wrong time. */
  INVALID_STATE: true;
  /** A hyperparameter or a value in a checkpoint is invalid. */
  INVALID_FIELD: true;
  /** A checkpoint is invalid, or does not fit the module. */
  INVALID_CHECKPOINT: true;
  /** The environment lacks something, e.g. a file, a package or a device. */
  UNAVAILABLE: true;
  /** An operation gave a non-finite value; only with `detectAnomaly`. */
  ANOMALY: true;
  /** An isolated run was stopped. */
  ABORTED: true;
}

/** The code of an error, for programs. */
export type ErrorCode = keyof ErrorCodes;

/** The parts of an error's message. */
export interface ErrorParts {
  /** The invalid value. Omit it if there is none to show. */
  readonly received?: unknown;
  /** How to fix the problem, as a full sentence. */
  readonly todo?: string;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * The error class of Fulmine. `code` is for programs; the message names the problem, the received value and the fix.
 *
 * @example
 * ```ts
 * throw new FulmineError("INVALID_OPTION", "`maxEpochs` must be an integer of at least 1.", { received: 0 });
 * ```
 */
export class FulmineError extends Error {
  override readonly name = "FulmineError";

  constructor(
    readonly code: ErrorCode,
    problem: string,
    parts: ErrorParts = {},
  ) {
    const received = "received" in parts ? ` Received: ${describe(parts.received)}.` : "";
    const todo = parts.todo === undefined ? "" : ` ${parts.todo}`;
    super(
      `${shortened(problem, LONGEST)}${received}${todo}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
  }
}

/**
 * Awaits a search that a fit made, and resolves to `null` if a signal aborted it. The same signal ends the fit, which handles
 * the abort itself.
 */
export async function unlessAborted<T>(search: Promise<T>): Promise<T | null> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof FulmineError && error.code === "ABORTED") return null;
    throw error;
  }
}
