import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Attributes } from "./tfjsEngine.js";

/** The shape and type of a tensor. */
export interface TensorKind {
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
}

/** A call of a kernel. */
export interface KernelEvent {
  readonly kind: "kernel";
  readonly name: string;
  /** The names of its inputs. */
  readonly keys: readonly string[];
  /** The value numbers of its inputs; {@link NO_VALUE} for an input that is left out. */
  readonly inputs: readonly number[];
  readonly attributes: Attributes;
  readonly attributeCount: number;
  /** The value number of its first result; further results have the next numbers. */
  readonly first: number;
  readonly outputs: readonly TensorKind[];
  /** Whether the kernel returns an array, even with one tensor. */
  readonly isList: boolean;
}

/** An assignment to a variable. */
export interface AssignEvent {
  readonly kind: "assign";
  readonly variable: Variable;
  /** The number of the assigned value. */
  readonly value: number;
}

/** The beginning or the end of an operation with a custom gradient, with the name of its scope. */
export interface CustomGradientEvent {
  readonly kind: "enter" | "leave";
  readonly scope: string;
  readonly values: readonly number[];
}

/** One call in a forward pass. Its tensors are value numbers, in the order in which the tensors first appear. */
export type TraceEvent = KernelEvent | AssignEvent | CustomGradientEvent;

/** A value from outside the forward pass: a variable, or another tensor, which is fed to the graph. */
export interface ExternalValue extends TensorKind {
  /** The variable; `null` for a tensor that is fed. */
  readonly variable: Variable | null;
}

/** A recorded forward pass: its calls into TensorFlow. */
export interface Trace {
  readonly events: readonly TraceEvent[];
  /** The values from outside the forward pass, by number. */
  readonly externals: ReadonlyMap<number, ExternalValue>;
  /** The value number of the loss; {@link NO_VALUE} if the step returned nothing. */
  readonly output: number;
  /** The numbers of the computed values that are kept (`tf.keep`) and alive at the end of the forward pass. */
  readonly kept: readonly number[];
}

/** The value number of a missing tensor. */
export const NO_VALUE = -1;

/** Whether attributes equal those of an event: numbers, strings, booleans, and nested lists of them. */
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

/** Copies attributes, so that later changes to the caller's lists do not affect the copy. */
export function copyAttributes(attributes: Attributes | undefined): Attributes {
  const copy = (value: unknown): unknown => (isList(value) ? Array.from(value, copy) : value);
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([key, value]) => [key, copy(value)]));
}

/** Whether two traces are the same. */
export function isSameTrace(one: Trace, other: Trace): boolean {
  const { length } = one.events;
  return (
    length === other.events.length &&
    commonPrefix(one, other) === length &&
    one.output === other.output &&
    isSameList(one.kept, other.kept)
  );
}

/** Counts the leading events that two traces have in common. */
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

/** Whether two lists have the same items in the same order, by `Object.is`: NaN equals NaN, 0 differs from -0. */
export function isSameList(one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!Object.is(one[index], other[index])) return false;
  return true;
}
