import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { isSameList } from "../isSameList.js";
import type { Attributes } from "./tfjsEngine.js";

/** The shape and type of a tensor. */
export interface TensorKind {
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
}

/** A kernel that ran. */
export interface KernelEvent {
  readonly kind: "kernel";
  readonly name: string;
  /** The names of its inputs, and the values that they were, by number; {@link NO_VALUE} for one that was left out. */
  readonly keys: readonly string[];
  readonly inputs: readonly number[];
  readonly attributes: Attributes;
  readonly attributeCount: number;
  /** The number of its first result's value; further results have the numbers that follow. */
  readonly first: number;
  readonly outputs: readonly TensorKind[];
  /** Whether the kernel gives a list, even of one tensor. */
  readonly isList: boolean;
}

/** An assignment to a variable. */
export interface AssignEvent {
  readonly kind: "assign";
  readonly variable: Variable;
  readonly value: number;
}

/** The beginning or the end of an operation with a gradient of its own, by the name of the operation's scope. */
export interface CustomGradientEvent {
  readonly kind: "enter" | "leave";
  readonly scope: string;
  readonly values: readonly number[];
}

/** One thing that a forward pass did. Tensors are values, numbered in the order in which they first appear. */
export type TraceEvent = KernelEvent | AssignEvent | CustomGradientEvent;

/** A value that comes from outside of the forward pass: a variable, or any other tensor, which is fed. */
export interface ExternalValue extends TensorKind {
  readonly variable: Variable | null;
}

/** Everything that a forward pass asked of TensorFlow. */
export interface Trace {
  readonly events: readonly TraceEvent[];
  /** The values that come from outside, by number. */
  readonly externals: ReadonlyMap<number, ExternalValue>;
  /** The value of the loss; {@link NO_VALUE} where the step returned nothing. */
  readonly output: number;
  /** The values that were kept (`tf.keep`) and alive when the forward pass ended. */
  readonly kept: readonly number[];
}

/** The number of a tensor that is not there. */
export const NO_VALUE = -1;

/** Whether a kernel's attributes are those of an event: numbers, texts, flags and nested lists of these. */
export function hasAttributes(
  { attributes, attributeCount }: Pick<KernelEvent, "attributes" | "attributeCount">,
  given: Attributes | undefined,
): boolean {
  let count = 0;
  for (const key in given) {
    count += 1;
    if (!isSameAttribute(given[key], attributes[key])) return false;
  }
  return count === attributeCount;
}

function isSameAttribute(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null) return Object.is(one, other);
  if (!isList(one) || !isList(other) || one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++)
    if (!isSameAttribute(one[index], other[index])) return false;
  return true;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** A copy of attributes that later changes to the caller's lists do not reach. */
export function copyAttributes(attributes: Attributes | undefined): Attributes {
  const copy = (value: unknown): unknown => (isList(value) ? Array.from(value, copy) : value);
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, copy(value)]));
}

/** The number of events that two traces have in common at their beginning. */
export function commonPrefix(one: Trace, other: Trace): number {
  let at = 0;
  for (const event of one.events) {
    const counterpart = other.events[at];
    if (counterpart === undefined || !isSameEvent(event, counterpart)) break;
    const isSameValue = (number: number): boolean =>
      isSameExternal(one.externals.get(number), other.externals.get(number));
    if (!valuesOf(event).every(isSameValue)) break;
    at += 1;
  }
  return at;
}

function isSameEvent(one: TraceEvent, other: TraceEvent): boolean {
  if (one.kind === "kernel")
    return (
      other.kind === "kernel" &&
      one.name === other.name &&
      isSameList(one.keys, other.keys) &&
      isSameList(one.inputs, other.inputs) &&
      hasAttributes(one, other.attributes)
    );
  if (one.kind === "assign")
    return other.kind === "assign" && one.variable === other.variable && one.value === other.value;
  return other.kind === one.kind && one.scope === other.scope && isSameList(valuesOf(one), valuesOf(other));
}

function valuesOf(event: TraceEvent): readonly number[] {
  if (event.kind === "kernel") return event.inputs;
  return event.kind === "assign" ? [event.value] : event.values;
}

function isSameExternal(one: ExternalValue | undefined, other: ExternalValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.variable === other.variable && one.dtype === other.dtype && isSameList(one.shape, other.shape);
}
