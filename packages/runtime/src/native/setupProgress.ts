/** The steps of a set-up, in order. `wait` comes only when another process is building the same. */
export type SetupPhase = "check" | "wait" | "download" | "extract" | "compile" | "verify";

/** How far a set-up has come. */
export interface SetupProgress {
  readonly phase: SetupPhase;
  /** What is being done, e.g. `Downloading tensorflow-cpu 2.21.0`. */
  readonly text: string;
  /** The share of this phase that is done, 0 to 1; `null` when it is not known. */
  readonly fraction: number | null;
  /** Seconds since this phase began. */
  readonly seconds: number;
}

/** Told of each step of a set-up and, while a step lasts, of its progress a few times a second. */
export type OnSetupProgress = (progress: SetupProgress) => void;

/** Runs one phase and reports it: at its start, four times a second, and whenever `report` is given a fraction. */
export async function runPhase<T>(
  onProgress: OnSetupProgress | undefined,
  phase: SetupPhase,
  text: string,
  run: (report: (fraction: number | null) => void) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  let last: number | null = null;
  const tell = (): void => {
    onProgress?.({ phase, text, fraction: last, seconds: (performance.now() - start) / 1000 });
  };
  tell();
  const timer = setInterval(tell, 250);
  try {
    return await run((fraction) => (last = fraction));
  } finally {
    clearInterval(timer);
  }
}
