import { readFileSync } from "node:fs";

/**
 * When a process of this machine was started, in ticks since boot, so that a number used a second time is not taken
 * for the first; `null` when no such process lives.
 */
export function processStart(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state === "Z" || state === "X" || start === undefined ? null : start;
}
