import type { Outcome } from "./runProgram.js";

/** Finds the first line that differs between two runs, with the lines before it; returns `null` when the runs are equal. */
export function differenceOf(eager: Outcome, compiled: Outcome): string | null {
  const length = Math.max(eager.lines.length, compiled.lines.length);
  for (let at = 0; at < length; at++) {
    const [wanted, given] = [eager.lines[at], compiled.lines[at]];
    if (wanted === given) continue;
    const before = eager.lines.slice(Math.max(0, at - 3), at);
    return [...before, `eager: ${wanted ?? "(nothing more)"}`, `compiled: ${given ?? "(nothing more)"}`].join(
      "\n",
    );
  }
  return null;
}
