import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** The state of a {@link RandomState}, as plain numbers that fit into JSON. */
export type RandomSnapshot = readonly number[];

/** How many numbers the generator chooses from when it draws one. */
const DRAWS = 2 ** 32;

/** A seeded random generator (xoroshiro128+) whose state can be read and put back exactly. */
export class RandomState {
  #generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed - Any whole number; equal seeds give equal sequences. */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A generator that starts somewhere nobody chose. */
  static fromEntropy(): RandomState {
    return new RandomState(Math.floor(Math.random() * DRAWS));
  }

  /** A generator that goes on from where a snapshot was taken. */
  static fromSnapshot(snapshot: RandomSnapshot): RandomState {
    const state = new RandomState(0);
    state.restore(snapshot);
    return state;
  }

  /** The next number in [0, 1), uniform over the doubles of 53 bits. */
  float(): number {
    return uniformFloat64(this.#generator);
  }

  /** The next whole number in [0, limit). */
  int(limit: number): number {
    if (limit > DRAWS) return Math.floor(this.float() * limit);
    // What is left over when the draws are dealt out evenly would favour the small numbers.
    const usable = DRAWS - (DRAWS % limit);
    for (;;) {
      const drawn = this.#generator.next() + DRAWS / 2;
      if (drawn < usable) return drawn % limit;
    }
  }

  /** A new generator seeded by this one, which moves on by one draw. */
  fork(): RandomState {
    return new RandomState(this.int(DRAWS));
  }

  /** The numbers 0 to `length - 1` in random order (Fisher and Yates, by Durstenfeld's swaps). */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = this.int(last + 1);
      const value = order[last] ?? 0;
      order[last] = order[other] ?? 0;
      order[other] = value;
    }
    return order;
  }

  /** The present state. */
  snapshot(): RandomSnapshot {
    return [...this.#generator.getState()];
  }

  /** Goes back to a state that {@link RandomState.snapshot} gave. */
  restore(snapshot: RandomSnapshot): void {
    this.#generator = xoroshiro128plusFromState(snapshot);
  }
}
