/**
 * A number of things in words: `1 epoch`, `2 epochs`.
 *
 * @param one - The word for one thing, or several words.
 * @param several - The words for another number. @defaultValue `one` with an "s"
 */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}
