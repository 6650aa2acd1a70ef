import * as tf from "@tensorflow/tfjs";
import type { SideOp } from "./otherOps.js";

const matrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [4, 6]);
const whole = (x: tf.Tensor): tf.Tensor1D => tf.cast(tf.mul(x, 40), "int32");
const above = (x: tf.Tensor): tf.Tensor1D => tf.greater(x, 0.15);

/** Operations on integers and booleans, whose types TensorFlow infers from their inputs. */
export const typedOps: Readonly<Record<string, SideOp>> = {
  "abs of int32": (x) => tf.abs(whole(x)),
  "add of int32": (x) => tf.add(whole(x), 3),
  "add of int32 and float32": (x) => tf.add(whole(x), x),
  "argMax of bool": (x) => tf.argMax(matrix(above(x)), 1),
  "argMin of int32": (x) => tf.argMin(matrix(whole(x)), 1),
  "cast of bool to int32": (x) => tf.cast(above(x), "int32"),
  "cast of float32 to bool": (x) => tf.cast(tf.relu(tf.sub(x, 0.1)), "bool"),
  "clipByValue of int32": (x) => tf.clipByValue(whole(x), 3, 7),
  "concat of bool": (x) => tf.concat([above(x), tf.less(x, 0.1)]),
  "cumsum of int32": (x) => tf.cumsum(whole(x)),
  "div of int32": (x) => tf.div(whole(x), 3),
  "equal of bool": (x) => tf.equal(above(x), tf.less(x, 0.2)),
  "expandDims of bool": (x) => tf.expandDims(above(x), 1),
  "exp of int32": (x) => tf.exp(whole(x)),
  "floorDiv of int32": (x) => tf.floorDiv(whole(x), tf.scalar(3, "int32")),
  "gather of int32 by computed indices": (x) => tf.gather(whole(x), whole(x)),
  "gather in batches": (x) => tf.gather(matrix(x), tf.cast(tf.minimum(matrix(whole(x)), 5), "int32"), 1, 1),
  "max of int32": (x) => tf.max(matrix(whole(x)), 0),
  "mean of bool": (x) => tf.mean(above(x)),
  "mean of int32": (x) => tf.mean(matrix(whole(x)), 1),
  "min of bool": (x) => tf.min(tf.cast(above(x), "int32")),
  "mod of int32": (x) => tf.mod(whole(x), tf.scalar(3, "int32")),
  "mul of bool and float32": (x) => tf.mul(above(x), x),
  "oneHot with values of its own": (x) => tf.oneHot(whole(x), 5, 0.9, 0.1),
  "pad of int32": (x) => tf.pad(whole(x), [[1, 2]]),
  "pow of int32": (x) => tf.pow(whole(x), tf.scalar(2, "int32")),
  "prod of int32": (x) => tf.prod(tf.add(tf.cast(tf.slice1d(above(x), 0, 4), "int32"), 1)),
  "relu of int32": (x) => tf.relu(whole(x)),
  "reverse of bool": (x) => tf.reverse(above(x)),
  "slice of bool": (x) => tf.slice1d(above(x), 2, 7),
  "square of int32": (x) => tf.square(whole(x)),
  "stack of int32": (x) => tf.stack([whole(x), whole(x)]),
  "split of int32": (x) => tf.split(whole(x), 3)[1] ?? x,
  "sum of bool": (x) => tf.sum(above(x)),
  "sum of int32": (x) => tf.sum(matrix(whole(x)), 1),
  "tile of bool": (x) => tf.tile(above(x), [2]),
  "topk's indices": (x) => tf.topk(matrix(x), 2).indices,
  "transpose of int32": (x) => tf.transpose(matrix(whole(x))),
  "where on int32": (x) => tf.where(above(x), whole(x), tf.neg(whole(x))),
  "zerosLike of bool": (x) => tf.zerosLike(above(x)),
};
