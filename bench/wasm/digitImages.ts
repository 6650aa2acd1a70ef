import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The UCI digits enlarged to 28 × 28 pixels, in the file's order. */
export function digitImages(): { readonly xs: tf.Tensor4D; readonly labels: Int32Array } {
  const file = readFileSync(new URL("../../../examples/digits/data/digits.csv.gz", import.meta.url));
  const rows = gunzipSync(file)
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  const pixels = Float32Array.from(rows.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16)));
  const xs = tf.tidy(() => tf.image.resizeBilinear(tf.tensor4d(pixels, [rows.length, 8, 8, 1]), [28, 28]));
  return { xs, labels: Int32Array.from(rows, (row) => row[64] ?? 0) };
}
