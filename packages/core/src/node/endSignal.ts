/// <reference types="node" />

/** A signal that asks a process to end. On Windows only Ctrl-C and, for some seconds, a closed console arrive. */
export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const NUMBERS: Readonly<Record<EndSignal, number>> = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };
const NAMES = Object.keys(NUMBERS) as EndSignal[];

/** Something that is told of the first signal. */
interface Run {
  readonly stop: (signal: EndSignal) => void;
  isTold: boolean;
}

const runs = new Set<Run>();
const cleanups = new Set<() => void>();
let stopListening: (() => void) | null = null;

/**
 * Tells a run of the first signal that asks the process to end; the next one ends the process at once, after what
 * {@link onSuddenEnd} has registered.
 *
 * A SIGTERM or SIGHUP for which the program has a listener when nothing runs yet stays the program's. One that would have ended the
 * process sets `process.exitCode` to 128 plus its number, unless the program has set it.
 *
 * @returns A function that ends the listening.
 */
export function onEndSignal(stop: (signal: EndSignal) => void): () => void {
  const run = { stop, isTold: false };
  runs.add(run);
  update();
  return () => {
    runs.delete(run);
    update();
  };
}

/**
 * Registers what must not be left undone when the process ends by a signal, by `process.exit` or by an error: a hidden cursor, a
 * temporary file, a child process.
 *
 * @param cleanUp - Called at most once; must not wait for anything.
 * @returns A function that takes it back, to be called when it is done.
 */
export function onSuddenEnd(cleanUp: () => void): () => void {
  cleanups.add(cleanUp);
  update();
  return () => {
    cleanups.delete(cleanUp);
    update();
  };
}

/** Ends the process by a signal that a run has put off, unless others still run or the program listens for it itself. */
export function endBySignal(signal: EndSignal): void {
  if (runs.size > 0 || isPrograms(signal)) return;
  cleanUpAll();
  stopListening?.();
  // Without a listener the signal does what it does by default, and whoever waits for the process sees which it was.
  process.kill(process.pid, signal);
}

function update(): void {
  if (runs.size + cleanups.size === 0) stopListening?.();
  else stopListening ??= startListening();
}

function startListening(): () => void {
  // Ctrl-C is a person's wish whoever else listens. The other two mean what the program says, e.g. to read its settings anew.
  const names = NAMES.filter((name) => name === "SIGINT" || process.listenerCount(name) === 0);
  const terminals = [process.stdout, process.stderr].filter(({ isTTY }) => isTTY);
  const ignoreHangUp = (error: NodeJS.ErrnoException): void => {
    // A closed terminal can't be written to; that is no reason to end before the signal is heard.
    if (error.code !== "EIO") throw error;
  };
  for (const name of names) process.on(name, hear);
  for (const terminal of terminals) terminal.on("error", ignoreHangUp);
  process.on("exit", cleanUpAll);
  return () => {
    stopListening = null;
    for (const name of names) process.off(name, hear);
    process.off("exit", cleanUpAll);
    // What was written just now fails a moment later.
    setImmediate(() => {
      for (const terminal of terminals) terminal.off("error", ignoreHangUp);
    });
  };
}

function hear(signal: EndSignal): void {
  const untold = [...runs].filter(({ isTold }) => !isTold);
  if (untold.length > 0) {
    // Ctrl-C leaves it to the program what a run that was cut short is worth.
    if (signal !== "SIGINT" && !isPrograms(signal)) process.exitCode ??= 128 + NUMBERS[signal];
    for (const run of untold) {
      run.isTold = true;
      run.stop(signal);
    }
  } else if (!isPrograms(signal)) {
    runs.clear();
    endBySignal(signal);
  }
}

/** Whether the program itself, or another library, decides what a signal does. */
function isPrograms(signal: EndSignal): boolean {
  return process.listeners(signal).some((listener) => listener !== hear);
}

function cleanUpAll(): void {
  // The last first: a child process before the folder that it writes to.
  const all = [...cleanups].reverse();
  cleanups.clear();
  for (const cleanUp of all) {
    try {
      cleanUp();
    } catch {
      // The others are to be done all the same.
    }
  }
}
