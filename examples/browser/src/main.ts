import { Digits } from "@fulmine-examples/digits/digits";
import { toLoaders } from "@fulmine-examples/digits/splitDigits";
import * as tf from "@tensorflow/tfjs";
import { FulmineError, seeded, toSvg, Trainer, type Callback } from "fulmine";
import { element } from "./element.js";
import { liveSweep } from "./liveSweep.js";
import { loadDigits } from "./loadDigits.js";
import { showDigits } from "./showDigits.js";
import { startBackend } from "./startBackend.js";

const EPOCHS = 30;
const SHOWN = 48;

const start = element("start", HTMLButtonElement);
const stop = element("stop", HTMLButtonElement);
const status = element("status", HTMLOutputElement);
const sweep = element("sweep", HTMLElement);
const training = element("training", HTMLElement);
const progress = element("epochs", HTMLProgressElement);
const accuracy = element("accuracy", HTMLOutputElement);

const [backend, parts] = await Promise.all([startBackend(), loadDigits()]);
element("backend", HTMLElement).textContent = backend.line;
const { train, val } = toLoaders(parts);
status.textContent = "Ready";
start.disabled = false;
start.addEventListener("click", () => void begin());

async function begin(): Promise<void> {
  const stopping = new AbortController();
  stop.onclick = () => stopping.abort();
  [start.disabled, stop.disabled, training.hidden] = [true, false, true];
  const model = seeded(3, () => new Digits({ lr: 1e-3, hidden: 256, epochs: EPOCHS }));
  const live = liveSweep(sweep);
  const trainer = new Trainer({
    maxEpochs: EPOCHS,
    seed: 3,
    signal: stopping.signal,
    callbacks: [epochShower(model)],
    onProgress: live.onProgress,
  });
  try {
    status.textContent = "Finding the learning rate…";
    const finder = await trainer.findLr(model, { train }).finally(() => live.end());
    const { data } = await finder.plot({ suggest: true, title: "Learning-rate sweep" });
    sweep.innerHTML = toSvg(data, { theme: "auto" });

    model.hparams.lr = finder.suggestion() ?? 0.001;
    status.textContent = `Training at ${model.hparams.lr.toPrecision(3)}…`;
    training.hidden = false;
    const { status: end } = await trainer.fit(model, { train, val });
    status.textContent = end === "finished" ? "Trained" : "Stopped";
  } catch (error) {
    if (!(error instanceof FulmineError)) throw error;
    status.textContent = error.code === "ABORTED" ? "Stopped" : error.message;
  } finally {
    trainer.dispose();
    model.net.dispose();
    [start.disabled, stop.disabled] = [false, true];
  }
}

/** Shows how far training has come after each epoch, and what the net reads by now. */
function epochShower(model: Digits): Callback {
  progress.max = EPOCHS;
  return {
    async onTrainEpochEnd({ currentEpoch, callbackMetrics }) {
      progress.value = currentEpoch + 1;
      const share = callbackMetrics["val_acc"] ?? NaN;
      accuracy.textContent = `epoch ${currentEpoch + 1} of ${EPOCHS}: ${(100 * share).toFixed(1)} % of the validation images read rightly`;
      await readDigits(model);
    },
  };
}

async function readDigits({ net }: Digits): Promise<void> {
  const rows = parts.test.slice(0, SHOWN);
  const pixels = rows.map((row) => row.slice(0, 64));
  const reads = tf.tidy(() => {
    const scores = net.predict(tf.tensor2d(pixels).div(16)) as tf.Tensor2D;
    return scores.argMax(1);
  });
  const digits = await reads.data();
  reads.dispose();
  showDigits(
    element("digits", HTMLElement),
    rows.map((row, at) => ({ pixels: row.slice(0, 64), label: row[64] ?? 0, read: digits[at] ?? 0 })),
  );
}
