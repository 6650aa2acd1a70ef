/** A number as JSON can hold it: those that JSON has not are text. */
export type SavedNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** A number for JSON, exactly. */
export function encodeNumber(value: number): SavedNumber {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : (String(value) as SavedNumber);
}

/** The number that was encoded; null for anything else. */
export function decodeNumber(saved: unknown): number | null {
  if (typeof saved === "number" && Number.isFinite(saved)) return saved;
  return saved === "NaN" || saved === "Infinity" || saved === "-Infinity" || saved === "-0"
    ? Number(saved)
    : null;
}
