import { counted } from "@fulmine/core/plugin";
/** How one step of a module runs. */
export interface CompiledStepReport {
  /** The module's class and the step, e.g. `"Digits: training step"`. */
  readonly step: string;
  /** `"compiled"`: one call into TensorFlow; `"pending"`: not compiled yet; `"eager"`: kernel by kernel. */
  readonly status: "compiled" | "pending" | "eager";
  /** The latest reason why a call could not be compiled; `null` when there was none. */
  readonly reason: string | null;
  /** The number of paths that have a graph; each combination of branches and shapes is a path. */
  readonly paths: number;
  /** The number of operations in the largest graph; 0 when there is no graph. */
  readonly operations: number;
  /** The time of the calls that recorded a path, or loaded and compared a graph, in milliseconds. */
  readonly milliseconds: number;
  /** The number of calls. */
  readonly calls: number;
  /** The number of calls that a graph ran. */
  readonly replays: number;
}

/** Formats reports as text, with one line per step. */
export function describeReport(reports: readonly CompiledStepReport[]): string {
  if (reports.length === 0) return "No step has run yet.";
  return reports
    .map(({ step, status, reason, paths, operations, milliseconds, calls, replays }) => {
      const called = counted(calls, "call");
      const graphs = paths === 1 ? "one graph" : `the largest of ${paths} graphs`;
      const how =
        status === "compiled"
          ? `compiled, ${counted(operations, "operation")} in ${graphs}, in ${milliseconds.toFixed(0)} ms; ${replays} of ${called}`
          : `${status === "eager" ? "eager" : "not compiled yet"}, ${called}`;
      return `${step}: ${how}${reason === null ? "" : `; ${reason}`}`;
    })
    .join("\n");
}

/** The reason why nothing is compiled on other backends. */
export const NATIVE_ONLY = "only the native backend can run a whole step in one call";
