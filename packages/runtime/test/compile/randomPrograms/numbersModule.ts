import { Module } from "@fulmine/core";
import type { ProgramBatch } from "./programData.js";

/** A stored number. */
interface Place {
  readonly read: () => number;
  readonly write: (value: number) => void;
}

/** The places where a program's module stores a small integer. */
export const placeNames = [
  ...["property", "inner", "frozen", "symbol", "text", "bigint", "accessor", "private", "static"],
  ...["hparam", "map", "set", "list", "longList", "typedArray", "date", "closure", "global", "weakMap"],
] as const;
export type PlaceName = (typeof placeNames)[number];

/** The length of the long list; its number is near the end. */
const LONG = 450;
const FAR = 430;
const symbol = Symbol("a number");
const weak = new WeakMap<object, number>();
let global = 0;

/** A module that stores a number in each kind of place that JavaScript has. All numbers start at 1. */
export abstract class NumbersModule extends Module<{ lr: number; value: number }, ProgramBatch> {
  static number = 1;
  #private = 1;
  #accessed = 1;
  property = 1;
  outer = { inner: { value: 1 } };
  frozen: Readonly<{ value: number }> = Object.freeze({ value: 1 });
  [symbol] = 1;
  text = "1";
  bigint = 1n;
  date = new Date(1000);
  readonly map = new Map([["value", 1]]);
  readonly set = new Set([0]);
  readonly list = [0];
  readonly longList = Array.from({ length: LONG }, () => 1);
  readonly typedArray = new Float32Array(4).fill(1);
  readonly #places: Readonly<Record<PlaceName, Place>>;

  constructor(lr: number) {
    super({ lr, value: 1 });
    NumbersModule.number = 1;
    global = 1;
    weak.set(this, 1);
    let closed = 1;
    this.#places = {
      property: { read: () => this.property, write: (value) => (this.property = value) },
      inner: { read: () => this.outer.inner.value, write: (value) => (this.outer.inner.value = value) },
      frozen: { read: () => this.frozen.value, write: (value) => (this.frozen = Object.freeze({ value })) },
      symbol: { read: () => this[symbol], write: (value) => (this[symbol] = value) },
      text: { read: () => this.text.length, write: (value) => (this.text = "1".repeat(value)) },
      bigint: { read: () => Number(this.bigint), write: (value) => (this.bigint = BigInt(value)) },
      accessor: { read: () => this.accessed, write: (value) => (this.accessed = value) },
      private: { read: () => this.#private, write: (value) => (this.#private = value) },
      static: { read: () => NumbersModule.number, write: (value) => (NumbersModule.number = value) },
      hparam: { read: () => this.hparams.value, write: (value) => (this.hparams.value = value) },
      map: { read: () => this.map.get("value") ?? 0, write: (value) => this.map.set("value", value) },
      set: { read: () => this.set.size, write: (value) => this.#fillSet(value) },
      list: { read: () => this.list.length, write: (value) => this.#fillList(value) },
      longList: { read: () => this.longList[FAR] ?? 0, write: (value) => (this.longList[FAR] = value) },
      typedArray: { read: () => this.typedArray[2] ?? 0, write: (value) => (this.typedArray[2] = value) },
      date: { read: () => this.date.getTime() / 1000, write: (value) => this.date.setTime(value * 1000) },
      closure: { read: () => closed, write: (value) => (closed = value) },
      global: { read: () => global, write: (value) => (global = value) },
      weakMap: { read: () => weak.get(this) ?? 0, write: (value) => weak.set(this, value) },
    };
  }

  get accessed(): number {
    return this.#accessed;
  }

  set accessed(value: number) {
    this.#accessed = value;
  }

  read(place: PlaceName): number {
    return this.#places[place].read();
  }

  write(place: PlaceName, value: number): void {
    this.#places[place].write(value);
  }

  /** Returns the number through the default of a parameter. */
  byDefault(value = this.read("closure")): number {
    return value;
  }

  #fillSet(size: number): void {
    this.set.clear();
    for (let item = 0; item < size; item++) this.set.add(item);
  }

  #fillList(length: number): void {
    this.list.length = 0;
    for (let item = 0; item < length; item++) this.list.push(item);
  }
}
