/** The exit status of a program that Ctrl-C stopped, as shells have it. */
const BY_CTRL_C = 130;

/** The exit status of a stopped program: 130, or what another signal than Ctrl-C has set. */
export function interruptedStatus(): number {
  return typeof process.exitCode === "number" ? process.exitCode : BY_CTRL_C;
}
