import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { useAccelerator } from "../../src/index.js";
import { repairWasm } from "../../src/wasm/repairWasm.js";
import { expectSameAsCpu } from "../support/gradientsOn.js";

beforeAll(async () => {
  await useAccelerator("wasm");
  await useAccelerator("cpu");
});

const { losses } = tf;
const ids = (values: number[], shape: number[]) => tf.tensor(values, shape, "int32");
const ys = () => tf.tensor2d([0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0], [4, 3]);
const some = (shape: number[], seed = 1) => tf.randomNormal(shape, 0, 1, "float32", seed);
type Op = [
  name: string,
  shapes: number[][],
  compute: (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => tf.Tensor,
];

const ops: Op[] = [
  ["softmaxCrossEntropy", [[4, 3]], (x) => losses.softmaxCrossEntropy(ys(), x)],
  ["sigmoidCrossEntropy", [[4, 3]], (x) => losses.sigmoidCrossEntropy(ys(), x)],
  ["hingeLoss", [[4, 3]], (x) => losses.hingeLoss(ys(), x)],
  ["huberLoss", [[4, 3]], (x) => losses.huberLoss(ys(), x)],
  ["logLoss", [[4, 3]], (x) => losses.logLoss(ys(), tf.sigmoid(x))],
  ["absoluteDifference", [[4, 3]], (x) => losses.absoluteDifference(ys(), x)],
  ["logSoftmax", [[4, 3]], (x) => tf.logSoftmax(x)],
  ["gather along the second axis", [[4, 3]], (x) => tf.gather(x, ids([2, 0, 0], [3]), 1)],
  ["gather by a matrix", [[4, 3]], (x) => tf.gather(x, ids([2, 0, 0, 3], [2, 2]))],
  ["unsortedSegmentSum", [[4, 3]], (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, -1, 2], "int32"), 3)],
  [
    "attention",
    [
      [2, 4, 5, 3],
      [2, 4, 5, 3],
      [2, 4, 5, 3],
    ],
    (q, k, v) => {
      const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(3));
      return tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [2, 5, 12]);
    },
  ],
  [
    "layer normalization",
    [[4, 6], [6], [6]],
    (x, gain, bias) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gain), bias);
    },
  ],
  ["clipping by norm", [[4, 3]], (x) => tf.clipByValue(tf.div(x, tf.norm(x)), -0.3, 0.3)],
  [
    "concat, split and stack",
    [
      [4, 3],
      [4, 3],
    ],
    (a, b) => tf.stack(tf.split(tf.concat([a, b], 1), 2, 1)),
  ],
  ["tile", [[2, 1, 3]], (x) => tf.tile(x, [3, 4, 2])],
  ["sums over first axes", [[4, 3, 2]], (x) => tf.add(tf.sum(tf.square(x), [0, 1]), tf.sum(x, 0, true))],
  [
    "conv2d padded by numbers",
    [
      [2, 6, 7, 3],
      [3, 3, 3, 4],
    ],
    (x, filter) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  ],
  [
    "conv2d padded beyond its filter",
    [
      [1, 4, 5, 2],
      [2, 2, 2, 3],
    ],
    (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 3),
  ],
];

it.each(ops)("%s trains on wasm as it does on cpu", async (_, shapes, compute) => {
  const variables = shapes.map((shape, index) => tf.variable(some(shape, index + 1)));
  const [a, b = a, c = b] = variables;
  if (a === undefined || b === undefined || c === undefined) throw new Error("no variable");
  await expectSameAsCpu({ loss: () => tf.mean(tf.square(compute(a, b, c))), variables });
});

describe("where the gradient on cpu is wrong, that on wasm is right:", () => {
  // All of these are linear: their value at x is the gradient times x.
  it.each<[name: string, compute: (x: tf.Tensor4D) => tf.Tensor]>([
    ["average pooling, padded", (x) => tf.avgPool(x, 3, 2, "same")],
    ["average pooling that overlaps, padded", (x) => tf.avgPool(x, 2, 1, "same")],
    [
      "average pooling in three dimensions, padded",
      (x) => tf.avgPool3d(tf.reshape<tf.Rank.R5>(x, [2, 3, 3, 6, 3]), 2, 2, "same"),
    ],
    ["enlarging by nearest neighbors", (x) => tf.image.resizeNearestNeighbor(x, [18, 11])],
  ])("%s", async (_, compute) => {
    await tf.setBackend("wasm");
    const x = some([2, 9, 6, 3]) as tf.Tensor4D;
    const factors = some(compute(x).shape, 2);
    const value = (at: tf.Tensor4D) => tf.sum(tf.mul(compute(at), factors));
    const gradient = tf.grad((at) => value(at as tf.Tensor4D))(x);
    const expected = value(x).dataSync()[0] ?? Number.NaN;
    expect(tf.sum(tf.mul(gradient, x)).dataSync()[0]).toBeCloseTo(expected, 3);
  });
});

describe("einsum on wasm gives what it gives on cpu:", () => {
  it.each<[equation: string, shapes: number[][]]>([
    ["ij->ji", [[2, 3]]],
    ["ijk->k", [[2, 3, 4]]],
    [
      "ij,jk->ik",
      [
        [2, 3],
        [3, 4],
      ],
    ],
    [
      "bhqd,bhkd->bhqk",
      [
        [2, 3, 4, 5],
        [2, 3, 6, 5],
      ],
    ],
    [
      "bij,bjk->kbi",
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
    ],
    ["i,j->ij", [[3], [4]]],
    [
      "ij,ij->",
      [
        [3, 4],
        [3, 4],
      ],
    ],
    [
      "ijk,jl->il",
      [
        [2, 3, 4],
        [3, 5],
      ],
    ],
  ])("%s", async (equation, shapes) => {
    await tf.setBackend("cpu");
    const operands = shapes.map((shape, index) => some(shape, index + 1));
    const expected = tf.einsum(equation, ...operands);
    const values = Array.from(expected.dataSync());
    await tf.setBackend("wasm");
    const actual = tf.einsum(equation, ...operands);
    expect(actual.shape).toEqual(expected.shape);
    Array.from(actual.dataSync()).forEach((value, index) =>
      expect(value).toBeCloseTo(values[index] ?? Number.NaN, 4),
    );
    const before = tf.backend().numDataIds();
    tf.einsum(equation, ...operands).dispose();
    expect(tf.backend().numDataIds()).toBe(before);
  });
});

it("only kernels that wasm lacks, or whose own are slow or wrong, are registered, and only once", () => {
  const kernels = () =>
    new Map(tf.getKernelsForBackend("wasm").map((kernel) => [kernel.kernelName, kernel.kernelFunc]));
  const repaired = kernels();
  repairWasm();
  expect(kernels()).toEqual(repaired);
  const own = () => tf.scalar(0);
  const lacking = tf.getKernel("UnsortedSegmentSum", "wasm");
  tf.unregisterKernel("UnsortedSegmentSum", "wasm");
  tf.registerKernel({ ...lacking, kernelFunc: own });
  repairWasm();
  expect(tf.getKernel("UnsortedSegmentSum", "wasm").kernelFunc).toBe(own);
});
