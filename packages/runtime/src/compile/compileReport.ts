/** How one kind of step is run. */
export interface CompiledStepReport {
  /** The module's class and the step, e.g. `"Digits: training step"`. */
  readonly step: string;
  /** The shapes of the tensors that it takes. */
  readonly shapes: readonly (readonly number[])[];
  /** `"compiled"`: TensorFlow runs it in one call; `"watching"`: too new to be compiled; `"eager"`: op by op. */
  readonly status: "compiled" | "watching" | "eager";
  /** Why it is not compiled; `null` when it is, or may yet be. */
  readonly reason: string | null;
  /** How many operations the graph has, 0 without one. */
  readonly operations: number;
  /** What compiling took: recording, loading and the first run, without what the step itself takes op by op. */
  readonly milliseconds: number;
  /** How often it was run, and how often of these by the graph. */
  readonly calls: number;
  readonly replays: number;
}

/** A report as text, a line for each kind of step. */
export function describeReport(reports: readonly CompiledStepReport[]): string {
  if (reports.length === 0) return "No step has run yet.";
  return reports
    .map(({ step, shapes, status, reason, operations, milliseconds, calls, replays }) => {
      const taking = shapes.map((shape) => `[${shape.join(", ")}]`).join(" ");
      const how =
        status === "compiled"
          ? `compiled, ${operations} operations in one call, in ${milliseconds.toFixed(0)} ms; ${replays} of ${calls} calls`
          : `${status === "eager" ? "op by op" : "not compiled yet"}, ${calls} calls`;
      return `${step} on ${taking}: ${how}${reason === null ? "" : `; ${reason}`}`;
    })
    .join("\n");
}

/** Why nothing is compiled on any backend but the native one. */
export const NATIVE_ONLY = "only the native backend can run a whole step in one call";
