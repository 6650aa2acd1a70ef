import { onSuddenEnd } from "@fulmine/core/node";
import type { SetupProgress } from "@fulmine/runtime/node";

/** Shows a set-up's progress. */
export interface SetupPrinter {
  readonly update: (progress: SetupProgress) => void;
  /** Ends the last line, as done or as failed. */
  readonly end: (isDone: boolean) => void;
}

/** Makes a printer: on a terminal one live line for each step, elsewhere one plain line for each step. */
export function setupPrinter(stream: NodeJS.WriteStream): SetupPrinter {
  let current: SetupProgress | null = null;
  const finish = (mark: string): void => {
    if (current === null) return;
    if (stream.isTTY) stream.write(`\r\x1b[K${mark} ${current.text} (${current.seconds.toFixed(1)} s)\n`);
    current = null;
  };
  const forget = onSuddenEnd(() => finish("✗"));
  return {
    update: (progress) => {
      if (progress.text !== current?.text) {
        finish("✓");
        if (!stream.isTTY) stream.write(`${progress.text} …\n`);
      }
      current = progress;
      if (stream.isTTY) stream.write(`\r\x1b[K${liveLine(progress).slice(0, stream.columns - 1)}`);
    },
    end: (isDone) => {
      finish(isDone ? "✓" : "✗");
      forget();
    },
  };
}

const WIDTH = 24;

function liveLine({ text, fraction, seconds }: SetupProgress): string {
  const time = `${seconds.toFixed(0)} s`;
  if (fraction === null) return `… ${text}  ${time}`;
  const full = Math.round(fraction * WIDTH);
  return `… ${text}  ${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${Math.floor(fraction * 100)} %  ${time}`;
}
