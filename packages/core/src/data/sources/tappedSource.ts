import { isObject } from "../../options/validators.js";
import type { RandomState } from "../../random/randomState.js";
import { skipBatches, type BatchReader, type BatchSource, type OpenOptions } from "./batchSource.js";
import { Recording, type AnyIterator } from "./recording.js";

/** The part of a `tf.data.Dataset` that a Trainer uses. */
export interface DatasetLike {
  /** Begins a pass. The iterator returns its batches in order. */
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}

/** Data that can only be iterated over. */
export type AnyIterable = Iterable<unknown> | AsyncIterable<unknown> | DatasetLike;

/**
 * A source for data that can't be rewound: a `tf.data.Dataset`, a generator, a stream.
 *
 * In an isolated section it records the batches that are read. Later passes return these batches again before they continue,
 * so nothing is lost even if the data can be read only once.
 */
export class TappedSource implements BatchSource<unknown> {
  readonly length = null;
  readonly #source: AnyIterable;
  readonly #byIterator = new WeakMap<object, Recording>();
  /** Passes begun in an isolated section, which later passes will consume. */
  readonly #ahead: Recording[] = [];
  /** Number of passes of `#ahead` opened in the current isolated section; `null` outside of one. */
  #begun: number | null = null;

  constructor(source: AnyIterable) {
    this.#source = source;
  }

  /** To resume within a pass, it reads the earlier batches again and skips them. */
  open(_: RandomState, { from = 0 }: OpenOptions = {}): BatchReader<unknown> {
    const reader = this.#open();
    return from === 0 ? reader : skipBatches(reader, from);
  }

  #open(): BatchReader<unknown> {
    if (this.#begun === null) return (this.#ahead.shift() ?? this.#record()).consume();
    const known = this.#ahead[this.#begun];
    const recording = known ?? this.#record();
    if (!this.#ahead.includes(recording)) this.#ahead.push(recording);
    this.#begun = Math.min(this.#begun + 1, this.#ahead.length);
    return recording.peek();
  }

  isolate(): () => void {
    const before = this.#begun;
    this.#begun ??= 0;
    return () => {
      this.#begun = before;
    };
  }

  /** Returns a recording of a pass: the existing one if the source returns the same iterator again. */
  #record(): Recording {
    if ("iterator" in this.#source && typeof this.#source.iterator === "function") {
      const opened = this.#source.iterator();
      return new Recording(() => opened, true);
    }
    const iterator = iteratorOf(this.#source as Iterable<unknown> | AsyncIterable<unknown>);
    const known = this.#byIterator.get(iterator);
    if (known !== undefined) return known;
    const recording = new Recording(() => Promise.resolve(iterator), false);
    if (isObject(iterator)) this.#byIterator.set(iterator, recording);
    return recording;
  }
}

function iteratorOf(source: Iterable<unknown> | AsyncIterable<unknown>): AnyIterator {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
