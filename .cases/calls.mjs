import { engine } from "@tensorflow/tfjs-core";
import { useAccelerator } from "@fulmine/runtime"; await useAccelerator("native");
const b = engine().backend.binding; const orig = b.runSavedModel; let n = 0, t = 0, last;
const backend = engine().backend;
backend.binding = Object.create(b, Object.getOwnPropertyDescriptors({ runSavedModel(...a) { const s = performance.now(); const r = orig.apply(b, a); t += performance.now() - s; n++; if (n === 500) console.log(a[1].length, a[2], "|", a[3]); if (n === 8000) { t = 0; n = 0; started = performance.now(); } return r; } }));
let started = performance.now();
process.argv[2] = "24000";
await import("./speed.mjs");
console.log("calls", n, "µs each in TF", (t / n * 1000).toFixed(0), "wall per call", ((performance.now() - started) / n * 1000).toFixed(0)); 
