/** The values that a progress line shows. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** `null` when it is unknown. */
  readonly total: number | null;
  /** Formatted values by name. */
  readonly values: Readonly<Record<string, string>>;
  /** The estimated seconds left; `null` when they are unknown or nothing is left. */
  readonly secondsLeft: number | null;
}

const WIDEST = 24;
const NARROWEST = 6;

/**
 * Formats a progress line: the numbers, and a bar as wide as the remaining columns allow. There is no bar when fewer than
 * 6 columns remain.
 */
export function progressText(
  { label, done, total, values, secondsLeft }: ProgressState,
  columns: number,
): string {
  const count = total === null ? String(done) : `${String(done).padStart(String(total).length)}/${total}`;
  const time = secondsLeft === null ? [] : [`${durationText(secondsLeft)} left`];
  // A line that is too long loses its end, so the user's own values come last.
  const numbers = [count, ...time, ...Object.entries(values).map(([name, value]) => `${name} ${value}`)];
  const rest = [label, ...numbers].join("  ");
  const width = Math.min(WIDEST, columns - 1 - rest.length - 2);
  if (total === null || width < NARROWEST) return rest;
  const full = total === 0 ? 0 : Math.round((width * Math.min(done, total)) / total);
  return [label, barText(full, width), ...numbers].join("  ");
}

/** Draws a bar of `width` characters, the first `full` of them filled. */
export function barText(full: number, width: number): string {
  return "█".repeat(full) + "░".repeat(width - full);
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
