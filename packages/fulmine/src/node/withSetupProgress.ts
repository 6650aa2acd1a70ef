import { onSuddenEnd } from "@fulmine/core/node";
import type { SetupProgress } from "@fulmine/runtime/node";
import { barText } from "./progressText.js";
import type { TextStream } from "./terminalDisplay.js";

const BAR_WIDTH = 24;

/**
 * Runs an installation and shows its progress: on a terminal one live line per step, elsewhere one plain line per step.
 *
 * @param install - Reports its progress to the function that it receives.
 */
export async function withSetupProgress<T>(
  stream: TextStream,
  install: (onProgress: (progress: SetupProgress) => void) => Promise<T>,
): Promise<T> {
  const { isTTY = false } = stream;
  let current: SetupProgress | null = null;
  const finish = (mark: string): void => {
    if (current === null) return;
    if (isTTY) stream.write(`\r\x1b[K${mark} ${current.text} (${current.seconds.toFixed(1)} s)\n`);
    current = null;
  };
  const onProgress = (progress: SetupProgress): void => {
    if (progress.text !== current?.text) {
      finish("✓");
      if (!isTTY) stream.write(`${progress.text} …\n`);
    }
    current = progress;
    if (isTTY) stream.write(`\r\x1b[K${liveLine(progress).slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const fail = (): void => finish("✗");
  const unregister = onSuddenEnd(fail);
  try {
    const result = await install(onProgress);
    finish("✓");
    return result;
  } finally {
    fail();
    unregister();
  }
}

function liveLine({ text, fraction, seconds }: SetupProgress): string {
  const time = `${seconds.toFixed(0)} s`;
  if (fraction === null) return `… ${text}  ${time}`;
  const bar = barText(Math.round(fraction * BAR_WIDTH), BAR_WIDTH);
  return `… ${text}  ${bar} ${Math.floor(fraction * 100)} %  ${time}`;
}
