/** The phases of a set-up, in order. `wait` occurs only when another process makes the same build. */
export type SetupPhase = "check" | "wait" | "download" | "extract" | "compile" | "verify";

/** The progress of a set-up. */
export interface SetupProgress {
  readonly phase: SetupPhase;
  /** A description of the phase, e.g. `Downloading tensorflow-cpu 2.21.0`. */
  readonly text: string;
  /** The completed fraction of this phase, from 0 to 1; `null` when it is unknown. */
  readonly fraction: number | null;
  /** Seconds since this phase began. */
  readonly seconds: number;
}

/** Called at the start of each phase and four times a second during it. */
export type OnSetupProgress = (progress: SetupProgress) => void;

/**
 * Runs one phase and reports its progress at its start and four times a second.
 *
 * @param run - The phase. It passes its completed fraction to `setFraction`.
 */
export async function runPhase<T>(
  onProgress: OnSetupProgress | undefined,
  phase: SetupPhase,
  text: string,
  run: (setFraction: (fraction: number | null) => void) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  let fraction: number | null = null;
  const report = (): void => {
    onProgress?.({ phase, text, fraction, seconds: (performance.now() - start) / 1000 });
  };
  report();
  const timer = setInterval(report, 250);
  try {
    return await run((value) => (fraction = value));
  } finally {
    clearInterval(timer);
  }
}
