const SIDE = 8;

/** An image, what it shows, and what was read. */
export interface ReadDigit {
  /** 64 numbers from 0 to 16, row by row. */
  readonly pixels: readonly number[];
  readonly label: number;
  readonly read: number;
}

/** Shows images, each with the digit that was read; those read wrongly stand out. */
export function showDigits(place: HTMLElement, digits: readonly ReadDigit[]): void {
  place.replaceChildren(
    ...digits.map(({ pixels, label, read }) => {
      const figure = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = String(read);
      figure.classList.toggle("wrong", read !== label);
      figure.title = `${label}, read as ${read}`;
      figure.append(drawn(pixels), caption);
      return figure;
    }),
  );
}

function drawn(pixels: readonly number[]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const image = new ImageData(SIDE, SIDE);
  for (const [at, pixel] of pixels.entries()) {
    const light = 255 - (255 * pixel) / 16;
    image.data.set([light, light, light, 255], 4 * at);
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
