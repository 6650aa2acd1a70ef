/// <reference types="node" />

/** A signal that asks a process to end. Windows sends only Ctrl-C and, with a few seconds left, a closed console. */
export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const NUMBERS: Readonly<Record<EndSignal, number>> = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };
const NAMES = Object.keys(NUMBERS) as EndSignal[];

/** A run that is notified of the first signal. */
interface Run {
  readonly stop: (signal: EndSignal) => void;
  isNotified: boolean;
}

const runs = new Set<Run>();
const cleanups = new Set<() => void>();
let stopListening: (() => void) | null = null;

/**
 * Notifies a run of the first signal that asks the process to end. The next signal ends the process at once, after the
 * functions that were registered with {@link onSuddenEnd}.
 *
 * If the program itself already listens for SIGTERM or SIGHUP when the first run begins, that signal is left to the program.
 * A signal that would have ended the process sets `process.exitCode` to 128 plus its number unless the program has set it.
 *
 * @returns A function that stops listening.
 */
export function onEndSignal(stop: (signal: EndSignal) => void): () => void {
  const run = { stop, isNotified: false };
  runs.add(run);
  update();
  return () => {
    runs.delete(run);
    update();
  };
}

/**
 * Registers a cleanup for the case that the process ends by a signal, by `process.exit` or by an error, e.g. for a hidden
 * cursor, a temporary file or a child process.
 *
 * @param cleanUp - Called at most once; must be synchronous.
 * @returns A function that removes the registration.
 */
export function onSuddenEnd(cleanUp: () => void): () => void {
  cleanups.add(cleanUp);
  update();
  return () => {
    cleanups.delete(cleanUp);
    update();
  };
}

/** Ends the process by a signal that a run has deferred, unless other runs are active or the program handles the signal. */
export function endBySignal(signal: EndSignal): void {
  if (runs.size > 0 || isPrograms(signal)) return;
  cleanUpAll();
  stopListening?.();
  // Without a listener the signal has its default effect, and the parent process sees which signal it was.
  process.kill(process.pid, signal);
}

function update(): void {
  if (runs.size + cleanups.size === 0) stopListening?.();
  else stopListening ??= startListening();
}

function startListening(): () => void {
  // Ctrl-C always asks to stop. The program may give the other signals another meaning, e.g. to reload its settings.
  const names = NAMES.filter((name) => name === "SIGINT" || process.listenerCount(name) === 0);
  const terminals = [process.stdout, process.stderr].filter(({ isTTY }) => isTTY);
  const ignoreHangUp = (error: NodeJS.ErrnoException): void => {
    // Writing to a closed terminal fails, but the process must not end before it handles the signal.
    if (error.code !== "EIO") throw error;
  };
  for (const name of names) process.on(name, handle);
  for (const terminal of terminals) terminal.on("error", ignoreHangUp);
  process.on("exit", cleanUpAll);
  return () => {
    stopListening = null;
    for (const name of names) process.off(name, handle);
    process.off("exit", cleanUpAll);
    // Pending writes may still fail a moment later.
    setImmediate(() => {
      for (const terminal of terminals) terminal.off("error", ignoreHangUp);
    });
  };
}

function handle(signal: EndSignal): void {
  const unnotified = [...runs].filter(({ isNotified }) => !isNotified);
  if (unnotified.length > 0) {
    // After Ctrl-C the program decides the exit code.
    if (signal !== "SIGINT" && !isPrograms(signal)) process.exitCode ??= 128 + NUMBERS[signal];
    for (const run of unnotified) {
      run.isNotified = true;
      run.stop(signal);
    }
  } else if (!isPrograms(signal)) {
    runs.clear();
    endBySignal(signal);
  }
}

/** Whether the program itself, or another library, handles a signal. */
function isPrograms(signal: EndSignal): boolean {
  return process.listeners(signal).some((listener) => listener !== handle);
}

function cleanUpAll(): void {
  // In reverse order, e.g. a child process before the folder that it writes to.
  const all = [...cleanups].reverse();
  cleanups.clear();
  for (const cleanUp of all) {
    try {
      cleanUp();
    } catch {
      // The other cleanups must still run.
    }
  }
}
