import * as tf from "@tensorflow/tfjs";

/** An operation on 24 numbers that depend on weights, with 24 more such numbers and 24 of the batch. */
export type Op = (x: tf.Tensor1D, w: tf.Tensor1D, batch: tf.Tensor1D) => tf.Tensor;

const matrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [4, 6]);
const cube = (x: tf.Tensor): tf.Tensor3D => tf.reshape(x, [2, 3, 4]);
const image = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 4, 3, 2]);
const volume = (x: tf.Tensor): tf.Tensor5D => tf.reshape(x, [1, 3, 4, 2, 1]);
const kernel = (w: tf.Tensor): tf.Tensor4D => tf.reshape(w, [2, 2, 2, 3]);
const vector = (w: tf.Tensor1D, length: number): tf.Tensor1D => tf.slice1d(w, 0, length);
const whole = (values: number[]): tf.Tensor1D => tf.tensor1d(values, "int32");

/** All operations of tfjs that have a gradient, by the name of their kernel. */
export const differentiableOps: Readonly<Record<string, Op>> = {
  Abs: (x) => tf.abs(x),
  Acos: (x) => tf.acos(x),
  Acosh: (x) => tf.acosh(x),
  Add: (x, w) => tf.add(matrix(x), vector(w, 6)),
  AddN: (x, w, batch) => tf.addN([x, w, batch, tf.square(x), w]),
  ArgMax: (x) => tf.argMax(matrix(x), 1),
  ArgMin: (x) => tf.argMin(matrix(x), 0),
  Asin: (x) => tf.asin(x),
  Asinh: (x) => tf.asinh(x),
  Atan: (x) => tf.atan(x),
  Atan2: (x, w) => tf.atan2(matrix(x), vector(w, 6)),
  Atanh: (x) => tf.atanh(x),
  AvgPool: (x) => tf.avgPool(image(x), 2, 1, "same"),
  AvgPool3D: (x) => tf.avgPool3d(volume(x), 2, 1, "same"),
  BatchMatMul: (x, w) => tf.matMul(cube(x), tf.reshape(w, [2, 3, 4]), false, true),
  BatchToSpaceND: (x) =>
    tf.batchToSpaceND(
      tf.reshape(x, [4, 2, 3, 1]),
      [2, 2],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  BroadcastTo: (x) => tf.broadcastTo(tf.reshape(x, [4, 1, 6]), [4, 3, 6]),
  Cast: (x) => tf.cast(tf.cast(tf.mul(x, 10), "int32"), "float32"),
  Ceil: (x) => tf.ceil(x),
  ClipByValue: (x) => tf.clipByValue(x, -0.2, 0.3),
  ComplexAbs: (x, _, batch) => tf.mul(x, tf.abs(tf.complex(batch, tf.square(batch)))),
  Concat: (x, w) => tf.concat([matrix(x), matrix(w), tf.slice(matrix(x), [0, 1], [4, 2])], 1),
  Conv2D: (x, w) => tf.conv2d(image(x), kernel(w), 1, "same"),
  Conv2DBackpropInput: (x, w) =>
    tf.conv2dTranspose(image(x), tf.reshape(w, [2, 2, 3, 2]), [1, 8, 6, 3], 2, "same"),
  Conv3D: (x, w) => tf.conv3d(volume(x), tf.reshape(w, [2, 2, 2, 1, 3]), 1, "same"),
  Cos: (x) => tf.cos(x),
  Cosh: (x) => tf.cosh(x),
  Cumsum: (x) => tf.cumsum(matrix(x), 1, true, true),
  DepthwiseConv2dNative: (x, w) => tf.depthwiseConv2d(image(x), kernel(w), 1, "same"),
  Dilation2D: (x, w) => tf.dilation2d(image(x), tf.reshape(vector(w, 8), [2, 2, 2]), 1, "same"),
  Elu: (x) => tf.elu(x),
  Erf: (x) => tf.erf(x),
  Exp: (x) => tf.exp(x),
  ExpandDims: (x) => tf.expandDims(matrix(x), 1),
  Expm1: (x) => tf.expm1(x),
  Floor: (x) => tf.floor(x),
  FloorDiv: (x, w) => tf.floorDiv(x, w),
  FusedBatchNorm: (x, w) =>
    tf.batchNorm4d(image(x), vector(w, 2), tf.square(vector(w, 2)), vector(w, 2), vector(w, 2)),
  GatherV2: (x) => tf.gather(matrix(x), whole([3, 0, 3, 1]), 1),
  GreaterEqual: (x, w) => tf.greaterEqual(x, w),
  Identity: (x) => tf.mul(tf.clone(x), 2),
  IsFinite: (x) => tf.isFinite(x),
  IsInf: (x) => tf.isInf(x),
  IsNan: (x) => tf.isNaN(x),
  LeakyRelu: (x) => tf.leakyRelu(x, 0.3),
  Log: (x) => tf.log(x),
  Log1p: (x) => tf.log1p(x),
  LogSoftmax: (x) => tf.logSoftmax(matrix(x)),
  LRN: (x) => tf.localResponseNormalization(image(x), 1, 1, 0.5, 0.6),
  Max: (x) => tf.max(matrix(x), 1),
  Maximum: (x, w) => tf.maximum(x, w),
  MaxPool: (x) => tf.maxPool(image(x), 2, 1, "same"),
  MaxPool3D: (x) => tf.maxPool3d(volume(x), 2, 1, "same"),
  Mean: (x) => tf.mean(matrix(x), 1),
  Min: (x) => tf.min(matrix(x), 0, true),
  Minimum: (x, w) => tf.minimum(x, w),
  MirrorPad: (x) =>
    tf.mirrorPad(
      matrix(x),
      [
        [1, 2],
        [0, 1],
      ],
      "reflect",
    ),
  Mod: (x, w) => tf.mod(matrix(x), vector(w, 6)),
  Multiply: (x, w) => tf.mul(matrix(x), vector(w, 6)),
  Neg: (x) => tf.neg(x),
  OneHot: (x) => tf.oneHot(tf.argMax(matrix(x), 1), 6),
  OnesLike: (x) => tf.onesLike(x),
  Pack: (x, w) => tf.stack([matrix(x), matrix(w), matrix(x)], 1),
  PadV2: (x) =>
    tf.pad(
      matrix(x),
      [
        [1, 0],
        [2, 1],
      ],
      0.5,
    ),
  Pow: (x, w) => tf.pow(x, w),
  Prelu: (x, w) => tf.prelu(x, w),
  Prod: (x) => tf.prod(matrix(x), 1),
  RealDiv: (x, w) => tf.div(matrix(x), vector(w, 6)),
  Reciprocal: (x) => tf.reciprocal(x),
  Relu: (x) => tf.relu(x),
  Relu6: (x) => tf.relu6(tf.mul(x, 10)),
  Reshape: (x) => tf.reshape(x, [2, 12]),
  ResizeBilinear: (x) => tf.image.resizeBilinear(image(x), [7, 5]),
  ResizeNearestNeighbor: (x) => tf.image.resizeNearestNeighbor(image(x), [7, 5]),
  Reverse: (x) => tf.mul(tf.reverse(matrix(x), [0, 1]), matrix(x)),
  Round: (x) => tf.round(tf.mul(x, 3)),
  Rsqrt: (x) => tf.rsqrt(x),
  Select: (x, w, batch) => tf.where(tf.greater(batch, 0.15), x, w),
  Selu: (x) => tf.selu(x),
  Sigmoid: (x) => tf.sigmoid(x),
  Sign: (x) => tf.sign(x),
  Sin: (x) => tf.sin(x),
  Sinh: (x) => tf.sinh(x),
  Slice: (x) => tf.slice(matrix(x), [1, 2], [2, 3]),
  Softmax: (x) => tf.softmax(matrix(x)),
  Softplus: (x) => tf.softplus(x),
  SpaceToBatchND: (x) =>
    tf.spaceToBatchND(
      tf.reshape(x, [1, 4, 6, 1]),
      [2, 2],
      [
        [0, 0],
        [2, 0],
      ],
    ),
  SplitV: (x) => tf.addN(tf.split(matrix(x), [2, 2, 2], 1)),
  Sqrt: (x) => tf.sqrt(x),
  Square: (x) => tf.square(x),
  SquaredDifference: (x, w) => tf.squaredDifference(x, w),
  Step: (x) => tf.step(x, 0.1),
  Sub: (x, w) => tf.sub(matrix(x), vector(w, 6)),
  Sum: (x) => tf.sum(matrix(x), 0),
  Tan: (x) => tf.tan(x),
  Tanh: (x) => tf.tanh(x),
  Tile: (x) => tf.tile(matrix(x), [2, 3]),
  Transpose: (x) => tf.mul(tf.transpose(matrix(x)), tf.reshape(x, [6, 4])),
  Unpack: (x) => tf.addN(tf.unstack(matrix(x), 1)),
  UnsortedSegmentSum: (x) => tf.unsortedSegmentSum(matrix(x), whole([0, 2, 0, 1]), 3),
  ZerosLike: (x) => tf.zerosLike(x),
};

/** The ranges of the operations' inputs that are not from -0.7 to 0.7. */
export const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  Acosh: [1.2, 2],
  Log: [0.3, 2],
  Log1p: [0.3, 2],
  Pow: [0.3, 2],
  Reciprocal: [0.3, 2],
  Rsqrt: [0.3, 2],
  Sqrt: [0.3, 2],
};

/** Kernels that tfjs's API never runs on the native backend, with those that it runs instead. */
export const standIns: Readonly<Record<string, string>> = { BroadcastTo: "Tile", LogSoftmax: "Max" };
