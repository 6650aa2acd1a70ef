import * as tf from "@tensorflow/tfjs";

/** A computation without gradient on 24 numbers of the batch, from 0.05 to 0.25. */
export type SideOp = (batch: tf.Tensor1D) => tf.Tensor;

const matrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [4, 6]);
const image = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 4, 3, 2]);
const whole = (x: tf.Tensor): tf.Tensor1D => tf.cast(tf.mul(x, 40), "int32");
const above = (x: tf.Tensor): tf.Tensor1D => tf.greater(x, 0.15);
const boxes = (): tf.Tensor2D =>
  tf.tensor2d([
    [0, 0, 1, 1],
    [0, 0.1, 1, 1.1],
    [0, 2, 1, 3],
  ]);

/** Runs a TensorFlow operation without a tfjs kernel, as an app's own kernel does. */
function runOwn(operation: string, x: tf.Tensor): tf.Tensor {
  const native = tf.backend() as tf.KernelBackend & {
    executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
  };
  return native.executeSingleOutput(operation, [], [x]);
}

/** The operations that have no gradient, by the name of their kernel. */
export const otherOps: Readonly<Record<string, SideOp>> = {
  All: (x) => tf.all(matrix(above(x)), 1),
  Any: (x) => tf.any(matrix(above(x)), 1),
  Bincount: (x) => tf.bincount(whole(x), x, 12),
  BroadcastArgs: (x) => tf.broadcastArgs(tf.tensor1d([4, 1], "int32"), tf.tensor1d([x.size], "int32")),
  Complex: (x) => tf.real(tf.complex(x, tf.square(x))),
  CropAndResize: (x) => tf.image.cropAndResize(image(x), tf.tensor2d([[0.1, 0, 0.9, 1]]), [0], [3, 3]),
  Cumprod: (x) => tf.cumprod(matrix(x), 1, true),
  DepthToSpace: (x) => tf.depthToSpace(tf.reshape(x, [1, 2, 3, 4]), 2),
  Diag: (x) => tf.diag(x),
  Einsum: (x) => tf.einsum("ij,kj->ik", matrix(x), matrix(tf.square(x))),
  Equal: (x) => tf.equal(whole(x), 5),
  FFT: (x) => tf.abs(tf.fft(tf.complex(x, tf.square(x)))),
  Fill: (x) => tf.mul(matrix(x), tf.fill([4, 6], 0.7)),
  FlipLeftRight: (x) => tf.mul(tf.image.flipLeftRight(image(x)), image(x)),
  FusedConv2D: (x) =>
    tf.fused.conv2d({
      x: image(x),
      filter: tf.reshape(x, [2, 2, 2, 3]),
      strides: 1,
      pad: "same",
    }),
  FusedDepthwiseConv2D: (x) =>
    tf.fused.depthwiseConv2d({ x: image(x), filter: tf.reshape(x, [2, 2, 2, 3]), strides: 1, pad: "same" }),
  GatherNd: (x) =>
    tf.gatherND(
      matrix(x),
      tf.tensor2d(
        [
          [1, 2],
          [3, 0],
        ],
        [2, 2],
        "int32",
      ),
    ),
  Greater: (x) => tf.greater(x, 0.1),
  IFFT: (x) => tf.abs(tf.ifft(tf.complex(x, tf.square(x)))),
  Imag: (x) => tf.imag(tf.complex(x, tf.square(x))),
  Less: (x) => tf.less(x, 0.1),
  LessEqual: (x) => tf.lessEqual(whole(x), 5),
  LinSpace: (x) => tf.mul(x, tf.linspace(0, 1, 24)),
  LogicalAnd: (x) => tf.logicalAnd(above(x), tf.less(x, 0.2)),
  LogicalNot: (x) => tf.logicalNot(above(x)),
  LogicalOr: (x) => tf.logicalOr(above(x), tf.less(x, 0.1)),
  Multinomial: (x) => tf.mul(0, tf.cast(tf.multinomial(matrix(x), 3, 5), "float32")),
  NonMaxSuppressionV3: (x) => tf.image.nonMaxSuppression(boxes(), tf.slice1d(x, 0, 3), 2),
  NonMaxSuppressionV4: (x) =>
    tf.image.nonMaxSuppressionPadded(boxes(), tf.slice1d(x, 0, 3), 2, 0.5, 0, true)["validOutputs"] ?? x,
  NonMaxSuppressionV5: (x) =>
    tf.image.nonMaxSuppressionWithScore(boxes(), tf.slice1d(x, 0, 3), 2)["selectedScores"] ?? x,
  NotEqual: (x) => tf.notEqual(whole(x), 5),
  Range: (x) => tf.mul(x, tf.range(0, 24)),
  Real: (x) => tf.real(tf.complex(x, tf.square(x))),
  ScatterNd: (x) => tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], "int32"), tf.slice1d(x, 0, 2), [5]),
  SparseToDense: (x) => tf.sparseToDense(tf.tensor1d([1, 3], "int32"), tf.slice1d(x, 0, 2), [5], 0.5),
  StaticRegexReplace: (x) =>
    tf.mul(x, tf.string.staticRegexReplace(tf.tensor1d(["ab"], "string"), "a", "b").size),
  StridedSlice: (x) => tf.stridedSlice(matrix(x), [0, 1], [4, 6], [2, 2]),
  TensorScatterUpdate: (x) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([[1], [3]], [2, 1], "int32"), tf.slice1d(x, 5, 2)),
  TopK: (x) => tf.topk(matrix(x), 2).values,
  Unique: (x) => tf.unique(whole(x)).indices,
  _FusedMatMul: (x) => tf.fused.matMul({ a: matrix(x), b: matrix(x), transposeB: true }),
  "an operation that is not tfjs's": (x) => runOwn("Lgamma", x),
};
