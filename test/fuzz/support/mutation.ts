import fc from "fast-check";

/** The kinds of values that a field of a file may be changed to. */
const odd = fc.constantFrom<unknown>(
  ...[
    null,
    undefined,
    true,
    "x",
    "",
    "NaN",
    "Infinity",
    -1,
    0,
    0.5,
    7,
    1e9,
    2 ** 53,
    -(2 ** 31),
    1e308,
    1e-320,
  ],
  ...[[], {}, [0], [1, 2, 3, 4], [0, 0, 0, 0], ["NaN"]],
  { $: "number", value: "NaN" },
  { $: "number", value: "Infinity" },
  { $: "number", value: "x" },
  { $: "bigint", value: "1.5" },
  { $: "Float32Array", at: 0, length: 3 },
  { $: "Float32Array", at: 0, length: -1 },
  { $: "Float32Array", at: 3, length: 1 },
  { $: "Float32Array", at: 2 ** 52, length: 1 },
  { $: "Float32Array", at: 0, length: 2 ** 52 },
  { $: "BigInt64Array", at: 0, length: 1 },
  { $: "constructor", at: 0, length: 1 },
  { $: "__proto__" },
  { $: "Map", entries: [[1]] },
  { $: "Map", entries: [] },
  { $: "Object", entries: [["__proto__", {}]] },
  { $: "Set", values: {} },
  { $: "Date" },
  { constructor: 1, toString: 2, length: 3 },
);

type Change = "set" | "delete" | "proto" | "add" | "repeat";

/** One change of a tree of plain data. */
export interface Mutation {
  readonly at: number;
  readonly change: Change;
  readonly value: unknown;
}

/** Any change; which place of a tree it is made at, its number says. */
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  change: fc.constantFrom<Change>("set", "set", "set", "delete", "proto", "add", "repeat"),
  value: odd,
});

/** Changes one place of a tree. */
export function mutate(tree: object, { at, change, value }: Mutation): void {
  const places: (readonly [object, string])[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null || ArrayBuffer.isView(node)) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node, key]);
      visit(child);
    }
  };
  visit(tree);
  const [parent, key] = places[at % places.length] ?? [tree, ""];
  const put = (name: string): void =>
    void Object.defineProperty(parent, name, {
      value: structuredClone(value),
      ...{ enumerable: true, configurable: true, writable: true },
    });
  if (change === "set") put(key);
  else if (change === "delete") Reflect.deleteProperty(parent, key);
  else if (change === "proto") put("__proto__");
  else if (change === "repeat" && Array.isArray(parent)) parent.push(structuredClone(parent[0]));
  else put(Array.isArray(parent) ? String(parent.length) : "added");
}
