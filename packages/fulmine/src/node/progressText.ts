/** What a live line says. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** `null` when it is not known. */
  readonly total: number | null;
  /** Some values by their names, as they are shown. */
  readonly values: Readonly<Record<string, string>>;
  /** The seconds that are left; `null` when nobody knows, or nothing is. */
  readonly secondsLeft: number | null;
}

const WIDEST = 24;
const NARROWEST = 6;

/** A live line: its numbers, and a bar as wide as they leave room for in so many columns; none where that is too little. */
export function progressText(
  { label, done, total, values, secondsLeft }: ProgressState,
  columns: number,
): string {
  const count = total === null ? String(done) : `${String(done).padStart(String(total).length)}/${total}`;
  const time = secondsLeft === null ? [] : [`${timeInWords(secondsLeft)} left`];
  // What is too long is cut off at its end, where columns of one's own stand.
  const numbers = [count, ...time, ...Object.entries(values).map(([name, value]) => `${name} ${value}`)];
  const rest = [label, ...numbers].join("  ");
  const width = Math.min(WIDEST, columns - 1 - rest.length - 2);
  if (total === null || width < NARROWEST) return rest;
  const full = total === 0 ? 0 : Math.round((width * Math.min(done, total)) / total);
  return [label, "█".repeat(full) + "░".repeat(width - full), ...numbers].join("  ");
}

function timeInWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
