import type { ProtoMessage } from "@fulmine/core/node";
import { attribute } from "./graphNode.js";

/**
 * The input types of the TensorFlow operations that tfjs's native backend uses, from their definitions in TensorFlow.
 *
 * For each input it gives the attribute that holds the type, or the type itself if it is fixed, or `N*T` for a list of N
 * tensors. These definitions do not change: TensorFlow adds only attributes that have a default.
 */
const INPUTS: Readonly<Record<string, string>> = {
  T: `Abs Acos Acosh Asin Asinh Atan Atanh AvgPool AvgPool3D Ceil ComplexAbs Cos Cosh DepthToSpace Diag Elu Erf Exp
    Expm1 Floor Imag IsFinite IsInf IsNan LeakyRelu Log Log1p LRN MaxPool MaxPool3D Neg OnesLike Real Reciprocal Relu
    Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax Softplus Sqrt Square Tan Tanh Unpack Where ZerosLike`,
  "T T": `Add AddV2 Atan2 BatchMatMulV2 BroadcastArgs Complex Conv2D Conv3D DepthwiseConv2dNative Dilation2D Div
    DivNoNan EluGrad Equal FloorDiv FloorMod Greater GreaterEqual Less LessEqual Maximum Minimum Mod Mul NotEqual Pow
    RealDiv SquaredDifference Sub`,
  "T T T": "ClipByValue Dilation2DBackpropFilter Dilation2DBackpropInput LRNGrad MaxPoolGrad",
  "T T T T T": "FusedBatchNorm",
  "T Tidx": "ArgMax ArgMin Cumprod Cumsum Max Mean Min Prod ReverseV2 Sum",
  "N*T": "AddN Einsum Pack",
  "N*T Tidx": "ConcatV2",
  "T int32": "ResizeBilinear ResizeNearestNeighbor ResizeNearestNeighborGrad",
  "T int32 T": "Conv2DBackpropFilter Conv3DBackpropFilterV2 DepthwiseConv2dNativeBackpropFilter",
  "T Tdim": "ExpandDims",
  "T Tk": "TopKV2",
  "T Taxis": "UniqueV2",
  "T Tperm": "Transpose",
  "T Tshape": "Reshape",
  "T Tmultiples": "Tile",
  "T Tpaddings": "MirrorPad Pad",
  "T Tpaddings T": "PadV2",
  "T Tblock_shape Tcrops": "BatchToSpaceND",
  "T Tblock_shape Tpaddings": "SpaceToBatchND",
  "T Index Index": "Slice",
  "T Index Index Index": "StridedSlice",
  "T Tlen int32": "SplitV",
  "T Tindices T": "TensorScatterUpdate",
  "T Tindices Tnumsegments": "UnsortedSegmentSum",
  "T T Tidx": "LinSpace",
  "T float32 int32 int32": "CropAndResize",
  "T T int32 T_threshold T_threshold": "NonMaxSuppressionV3 NonMaxSuppressionV4",
  "T T int32 T T T": "NonMaxSuppressionV5",
  "TI int32 T T": "OneHot",
  "TInput TInput T": "MaxPool3DGrad",
  "Tcomplex int32": "IRFFT",
  "Treal int32": "RFFT",
  "Tidx Tidx Tidx": "Range",
  "Tindices T Tindices": "ScatterNd",
  "Tindices Tindices T T": "SparseToDense",
  "Tparams Tindices": "GatherNd",
  "Tparams Tindices Taxis": "GatherV2",
  "Tshape T T": "Conv3DBackpropInputV2",
  "index_type T": "Fill",
  "int32 T": "AvgPool3DGrad AvgPoolGrad",
  "int32 T T": "Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput",
  "int32 int32 T": "Bincount",
  "float32 T": "ResizeBilinearGrad",
  "bool T T": "Select SelectV2",
  "bool Tidx": "All Any",
  bool: "LogicalNot",
  "bool bool": "LogicalAnd LogicalOr",
  SrcT: "Cast",
  Tcomplex: "FFT IFFT",
};

const inputsOf = new Map(
  Object.entries(INPUTS).flatMap(([inputs, names]) =>
    names.split(/\s+/).map((name) => [name, inputs.split(" ")]),
  ),
);

const FIXED = new Set(["int32", "float32", "bool"]);

/**
 * Infers the attributes of an operation that depend on its inputs. Eager TensorFlow infers them itself; a graph must
 * contain them.
 *
 * @param types - The types of the inputs, as TensorFlow's numbers.
 * @returns The attributes; `null` when the operation is unknown here, or its inputs don't match its definition.
 */
export function inferredAttributes(
  operation: string,
  types: readonly number[],
): Readonly<Record<string, ProtoMessage>> | null {
  const inputs = inputsOf.get(operation);
  if (inputs === undefined) return null;
  const [first = ""] = inputs;
  const isList = first.startsWith("N*");
  const count = types.length - inputs.length + 1;
  if (isList ? count < 1 : count !== 1) return null;
  const inferred: Record<string, ProtoMessage> = isList ? { N: attribute.whole(count) } : {};
  const names = isList ? [...Array<string>(count).fill(first.slice(2)), ...inputs.slice(1)] : inputs;
  const known = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const type = types[index];
    if (type === undefined || type === 0 || (known.get(name) ?? type) !== type) return null;
    known.set(name, type);
    if (!FIXED.has(name)) inferred[name] = attribute.type(type);
  }
  return inferred;
}
