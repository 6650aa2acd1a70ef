/** How one step of a module is run. */
export interface CompiledStepReport {
  /** The module's class and the step, e.g. `"Digits: training step"`. */
  readonly step: string;
  /** `"compiled"`: one call into TensorFlow; `"watching"`: too new to be compiled; `"eager"`: kernel by kernel. */
  readonly status: "compiled" | "watching" | "eager";
  /** Why calls were not compiled that could not be, the latest reason; `null` when all could. */
  readonly reason: string | null;
  /** How many paths through the step's JavaScript have a graph: shapes and branches. */
  readonly paths: number;
  /** How many operations the largest graph has, 0 without one. */
  readonly operations: number;
  /** What the calls took in which paths were written down, loaded and compared, in milliseconds. */
  readonly milliseconds: number;
  /** How often it was run, and how often of these by a graph. */
  readonly calls: number;
  readonly replays: number;
}

/** A report as text, a line for each step. */
export function describeReport(reports: readonly CompiledStepReport[]): string {
  if (reports.length === 0) return "No step has run yet.";
  return reports
    .map(({ step, status, reason, paths, operations, milliseconds, calls, replays }) => {
      const called = calls === 1 ? "1 call" : `${calls} calls`;
      const graphs = paths === 1 ? "one graph" : `the largest of ${paths} graphs`;
      const how =
        status === "compiled"
          ? `compiled, ${operations} operations in ${graphs}, in ${milliseconds.toFixed(0)} ms; ${replays} of ${called}`
          : `${status === "eager" ? "eager" : "not compiled yet"}, ${called}`;
      return `${step}: ${how}${reason === null ? "" : `; ${reason}`}`;
    })
    .join("\n");
}

/** Why nothing is compiled on any backend but the native one. */
export const NATIVE_ONLY = "only the native backend can run a whole step in one call";
