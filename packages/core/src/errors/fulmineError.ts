import { describe, shortened } from "./describe.js";

/** Names of the user's may be of any length, and have any letters. */
const LONGEST = 1000;

/** What went wrong, for programs; the message says it for people. */
export type ErrorCode =
  | "INVALID_OPTION"
  | "UNKNOWN_OPTION"
  | "INVALID_MODULE"
  | "INVALID_DATA"
  | "EMPTY_DATA"
  | "INVALID_STEP"
  | "INVALID_STATE"
  | "INVALID_FIELD"
  | "UNAVAILABLE"
  | "SETUP_FAILED"
  | "UNTRUSTED"
  | "ANOMALY"
  | "NOT_COMPILED"
  | "INVALID_CHECKPOINT"
  | "ABORTED";

/** The parts of an error's message. */
export interface ErrorParts {
  /** The value that was found wrong; left out where there is none to show. */
  readonly received?: unknown;
  /** What the reader can do about it, as a full sentence. */
  readonly todo?: string;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/**
 * The one error class of Fulmine: a `code` for programs and a message that says what was wrong, what was received
 * and what to do.
 *
 * @example
 * ```ts
 * throw new FulmineError("INVALID_OPTION", "`maxEpochs` must be a whole number of at least 1.", { received: 0 });
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
