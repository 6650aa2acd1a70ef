import { diagnose, type Diagnosis, type MeasuredFit } from "@fulmine/runtime/node";
import { command } from "../command.js";

/** `fulmine doctor`: reports the backend that this machine uses, and why no faster one. */
export const doctor = command({
  name: "doctor",
  summary:
    "Report the backend that this machine uses, why no faster one, and the time of a small fit on each",
  flags: { json: { type: "boolean", meaning: "print JSON" } },
  examples: [
    ["fulmine doctor", "a readable report"],
    ["fulmine doctor --json", "a report for programs"],
  ],
  async run({ json = false }) {
    const diagnosis = await diagnose();
    console.log(json ? JSON.stringify(diagnosis, null, 2) : describe(diagnosis));
    return 0;
  },
});

function describe(diagnosis: Diagnosis): string {
  const { accelerator, threads, fits, unmeasured, cache, gpu } = diagnosis;
  const builds = cache.builds.length === 0 ? "no builds" : cache.builds.join(", ");
  const rows = [
    ["Runtime", `${diagnosis.runtime}, ${diagnosis.system}`],
    ["GPU", gpu.name ?? `none: ${gpu.reason ?? "unknown reason"}`],
    [
      "Cores",
      `${threads.cores}; TF_NUM_INTRAOP_THREADS is ${threads.intraOp ?? "not set: small nets train on one thread"}`,
    ],
    [
      "Fit",
      `median step of ${fits[0]?.task ?? "nothing"}: ${[...fits.map(fitText), ...unmeasured].join("; ")}`,
    ],
    ["Cache", `${cache.folder}: ${builds}; ${(cache.bytes / 1e6).toFixed(0)} MB`],
  ] as const;
  return [accelerator.line, ...rows.map(([name, text]) => `${`${name}:`.padEnd(9)}${text}`)].join("\n");
}

function fitText({ accelerator, medianMs, isCompiled }: MeasuredFit): string {
  return `${accelerator ?? "other"} ${medianMs.toFixed(medianMs < 10 ? 2 : 0)} ms${isCompiled ? " (compiled)" : ""}`;
}
