/** Whether a value is a shape: a list of whole sizes of at least 0. */
export function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    Array.from(value).every((size: unknown) => Number.isSafeInteger(size) && Number(size) >= 0)
  );
}

/** How many numbers a shape holds; Infinity where they are beyond counting. */
export function shapeSize(shape: readonly number[]): number {
  // Infinity times 0 would be NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}
