// A training file whose ModelCheckpoint saves the best and the last checkpoint, with data for tests and predictions.
import * as tf from "@tensorflow/tfjs";
import { ModelCheckpoint } from "fulmine";
import { model as clouds, data as cloudData, trainer as options } from "./training.mjs";

export const model = () =>
  Object.assign(clouds(), {
    testStep(batch) {
      this.log("test_loss", this.trainingStep(batch));
    },
    predictStep({ xs }) {
      const score = tf.sigmoid(this.net.apply(xs));
      return { score: tf.squeeze(score, [1]), both: tf.concat([score, tf.sub(1, score)], 1) };
    },
  });
export const data = () => {
  const { train, val } = cloudData();
  return { train, val, test: val, predict: val };
};
export const trainer = () => ({
  ...options,
  callbacks: [
    new ModelCheckpoint({ dirpath: "runs", monitor: "val_loss", filename: "{epoch}", saveLast: true }),
  ],
});
