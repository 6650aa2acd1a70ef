import * as tf from "@tensorflow/tfjs";
import { adam, Module, seeded, Trainer } from "fulmine";
import { useAccelerator } from "@fulmine/runtime"; await useAccelerator("native");
const { dense } = tf.layers;
const nets = {
  digits: () => tf.sequential({ layers: [dense({ inputShape: [64], units: 128, activation: "relu" }), dense({ units: 10 })] }),
};
class M extends Module { constructor() { super({}); this.net = seeded(1, nets.digits); }
  trainingStep({ xs, ys }) { return tf.losses.softmaxCrossEntropy(ys, this.net.apply(xs, { training: true })); }
  configureOptimizers() { return adam({ lr: 1e-3 }); } }
const ys = tf.oneHot(tf.randomUniform([64], 0, 10, "int32"), 10).toFloat();
const batch = { xs: tf.randomUniform([64, 64]), ys };
const N = Number(process.argv[2] ?? 6000);
let t0, c0;
const trainer = new Trainer({ maxSteps: N, logger: false, enableProgressBar: false, enableCheckpointing: false, enableModelSummary: false, seed: 1,
  callbacks: [{ onTrainBatchStart(t) { if (t.globalStep === N / 2) { t0 = performance.now(); c0 = process.cpuUsage(); } } }] });
await trainer.fit(new M(), { train: Array(500).fill(batch) });
const c = process.cpuUsage(c0); console.log("cpu", ((c.user + c.system) / (N / 2)).toFixed(0));
console.log(((performance.now() - t0) / (N / 2) * 1000).toFixed(0), "µs a step"); console.log(String(trainer.explainCompile()));
