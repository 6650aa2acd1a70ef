import fc from "fast-check";
import { hostile, type Making } from "./hostile.js";

/** For each option some values that it takes. */
export type Valid = Readonly<Record<string, readonly Making[]>>;

/** Options as a case gives them. */
export interface GivenOptions {
  readonly make: () => never;
  /** Whether there is an option that nobody knows, so that they must be refused. */
  readonly isMisspelt: boolean;
  /** Whether all of them are such as they may be. */
  readonly isValid: boolean;
}

/** How a name is written wrongly. */
const slips: readonly ((name: string) => string)[] = [
  (name) => name.toLowerCase(),
  (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  (name) => `${name}s`,
  (name) => name.slice(0, -1),
  (name) => ` ${name}`,
  () => "constructor",
  () => "toString",
  () => "",
];

/** How an object of options may be made. */
const shapes: readonly ((entries: readonly (readonly [string, unknown])[]) => object)[] = [
  (entries) => Object.fromEntries(entries),
  (entries) => Object.fromEntries(entries),
  (entries) => Object.freeze(Object.fromEntries(entries)),
  (entries) => Object.assign(Object.create(null) as object, Object.fromEntries(entries)),
];

/**
 * Options of which some are right and some are not, or something that is no object of options at all.
 *
 * @param valid - The options that there are, with values that they take.
 * @param needed - Those that can't be left out.
 */
export function hostileOptions(valid: Valid, needed: readonly string[] = []): fc.Arbitrary<GivenOptions> {
  const names = Object.keys(valid);
  const right = fc.oneof(
    ...names.map((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(valid[name] ?? [])))),
  );
  const wrong = fc.tuple(fc.constantFrom(...names), hostile);
  const slip = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...slips))
    .filter(([name, write]) => !names.includes(write(name)));
  const start = fc.tuple(
    ...needed.map((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(valid[name] ?? [])))),
  );
  const named = fc
    .record({
      start: fc.oneof({ weight: 6, arbitrary: start }, { weight: 1, arbitrary: fc.constant([]) }),
      rights: fc.array(right, { maxLength: 4 }),
      wrongs: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 4, arbitrary: fc.array(wrong, { minLength: 1, maxLength: 2 }) },
      ),
      misspelt: fc.option(slip, { freq: 5 }),
      shape: fc.constantFrom(...shapes),
    })
    .map(({ start: first, rights, wrongs, misspelt, shape }) => {
      const odd = misspelt === null ? [] : [[misspelt[1](misspelt[0]), () => 1] as const];
      const entries = [...first, ...rights, ...wrongs, ...odd];
      return given(
        () => shape(entries.map(([name, make]) => [name, make()] as const)),
        {
          isMisspelt: misspelt !== null,
          isValid: odd.length + wrongs.length === 0 && first.length === needed.length,
        },
        entries,
      );
    });
  const none = hostile.map((make) => given(make, { isMisspelt: false, isValid: false }, make));
  return fc.oneof({ weight: 6, arbitrary: named }, { weight: 1, arbitrary: none });
}

function given(make: Making, is: Omit<GivenOptions, "make">, shown: unknown): GivenOptions {
  return { make: make as () => never, ...is, [fc.toStringMethod]: () => fc.stringify(shown) } as GivenOptions;
}
