import { isObject } from "../options/validators.js";
import type { RandomState } from "../random/randomState.js";
import type { BatchReader, BatchSource, OpenOptions } from "./batchSource.js";
import { Recording, type AnyIterator } from "./recording.js";
import { skipBatches } from "./skipBatches.js";

/** A Dataset of `tf.data`, as far as it is needed here. */
export interface DatasetLike {
  /** Begins a pass; `next` gives its batches one after the other. */
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}

/** Everything that gives batches one after the other. */
export type AnyIterable = Iterable<unknown> | AsyncIterable<unknown> | DatasetLike;

/**
 * Makes a source of something whose order can't be put back: a `tf.data.Dataset`, a generator, a stream.
 *
 * While it is isolated, what is read is remembered; afterwards the next passes give the very same batches again before
 * they go on, so that not even data that can be read only once is lost.
 */
export class TappedSource implements BatchSource<unknown> {
  readonly length = null;
  readonly #source: AnyIterable;
  readonly #byIterator = new WeakMap<object, Recording>();
  /** Passes that were begun in isolation and are still to be handed out. */
  readonly #ahead: Recording[] = [];
  /** In isolation, the number of passes of `#ahead` that were begun; `null` outside. */
  #begun: number | null = null;

  constructor(source: AnyIterable) {
    this.#source = source;
  }

  /** To go on in the middle of a pass, the batches before are read once more. */
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

  /** A pass over the source; the one that is under way when the source gives the same iterator again. */
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
