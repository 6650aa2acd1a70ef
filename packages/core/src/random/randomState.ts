import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { FulmineError } from "../errors/fulmineError.js";

/** The state of a {@link RandomState} as plain numbers. */
export type RandomSnapshot = readonly number[];

/** The number of different values of one draw of the generator. */
const DRAWS = 2 ** 32;

/**
 * A seeded random generator whose state can be saved and restored exactly.
 *
 * It is xoroshiro128+ (Blackman and Vigna 2021), and its state is filled by SplitMix64, as its authors recommend.
 */
export class RandomState {
  #generator: ReturnType<typeof xoroshiro128plusFromState>;

  /**
   * @param seed - Any integer. Equal seeds give equal sequences, and those of neighbouring seeds are unrelated.
   * @throws FulmineError `INVALID_OPTION` if it is not an integer.
   */
  constructor(seed: number) {
    if (!Number.isInteger(seed))
      throw new FulmineError("INVALID_OPTION", "The seed of a `RandomState` must be an integer.", {
        received: seed,
      });
    this.#generator = xoroshiro128plusFromState(splitMix64(seed));
  }

  /** Creates a generator with a random seed. */
  static fromEntropy(): RandomState {
    return new RandomState(Math.floor(Math.random() * DRAWS));
  }

  /** Creates a generator that continues from a snapshot. */
  static fromSnapshot(snapshot: RandomSnapshot): RandomState {
    const state = new RandomState(0);
    state.restore(snapshot);
    return state;
  }

  /** Draws a uniform number from [0, 1) with 53 random bits. */
  float(): number {
    return uniformFloat64(this.#generator);
  }

  /** Draws a uniform integer from [0, limit). */
  int(limit: number): number {
    if (limit > DRAWS) return Math.floor(this.float() * limit);
    // Reject the draws above the last multiple of `limit`, which would favour small numbers.
    const usable = DRAWS - (DRAWS % limit);
    for (;;) {
      const drawn = this.#generator.next() + DRAWS / 2;
      if (drawn < usable) return drawn % limit;
    }
  }

  /** Creates a generator that is seeded by one draw of this one. */
  fork(): RandomState {
    return new RandomState(this.int(DRAWS));
  }

  /** Draws a permutation of the integers from 0 to `length - 1` (Durstenfeld 1964, algorithm 235). */
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

  /** Saves the state. */
  snapshot(): RandomSnapshot {
    return [...this.#generator.getState()];
  }

  /** Restores a state that {@link RandomState.snapshot} returned. */
  restore(snapshot: RandomSnapshot): void {
    this.#generator = xoroshiro128plusFromState(snapshot);
  }
}

/** Two outputs of SplitMix64 (Steele, Lea and Flood 2014) for a seed, as four 32-bit numbers. */
function splitMix64(seed: number): RandomSnapshot {
  let state = BigInt(seed);
  const next = (): bigint => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    const once = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    const twice = BigInt.asUintN(64, (once ^ (once >> 27n)) * 0x94d049bb133111ebn);
    return twice ^ (twice >> 31n);
  };
  const halves = (word: bigint): number[] => [
    Number(BigInt.asIntN(32, word >> 32n)),
    Number(BigInt.asIntN(32, word)),
  ];
  return [...halves(next()), ...halves(next())];
}
