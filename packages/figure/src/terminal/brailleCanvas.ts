/** The bit of each dot in a braille character (Unicode block 2800), by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A canvas of braille characters. Each character has two columns and four rows of dots. */
export class BrailleCanvas {
  readonly #cells: Uint8Array;

  /**
   * @param columns - The width in characters.
   * @param rows - The height in characters.
   */
  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.#cells = new Uint8Array(columns * rows);
  }

  /** Sets a dot. A dot outside the canvas is ignored. */
  set(x: number, y: number): void {
    const column = Math.floor(x / 2);
    const row = Math.floor(y / 4);
    const bit = DOTS[y % 4]?.[x % 2];
    if (bit === undefined || column >= this.columns || row >= this.rows) return;
    this.#cells[row * this.columns + column] = (this.#cells[row * this.columns + column] ?? 0) | bit;
  }

  /** Draws a straight line without gaps. */
  line(fromX: number, fromY: number, toX: number, toY: number): void {
    const [startX, startY] = [Math.round(fromX), Math.round(fromY)];
    const [acrossBy, downBy] = [Math.round(toX) - startX, Math.round(toY) - startY];
    const steps = Math.max(1, Math.abs(acrossBy), Math.abs(downBy));
    for (let step = 0; step <= steps; step++) {
      this.set(startX + Math.round((step / steps) * acrossBy), startY + Math.round((step / steps) * downBy));
    }
  }

  /** The character of a cell; a space if it has no dots. */
  letter(column: number, row: number): string {
    const dots = this.#cells[row * this.columns + column] ?? 0;
    return dots === 0 ? " " : String.fromCodePoint(0x2800 + dots);
  }
}
