import { describe, expect, test } from "vitest";
import { paint, type Role } from "../../src/svg/theme.js";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Simulation of colour blindness in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const EYES: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** From linear sRGB to CIE XYZ, relative to the white point D65. */
const TO_XYZ: Matrix = [
  [0.4339, 0.3762, 0.1899],
  [0.2127, 0.7152, 0.0722],
  [0.0178, 0.1095, 0.8728],
];

const times = (matrix: Matrix, [x, y, z]: Triple): Triple => {
  const row = ([a, b, c]: Triple): number => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

function linear(theme: "light" | "dark", role: Role): Triple {
  const [, r = "", g = "", b = ""] = /fill="#(..)(..)(..)"/.exec(paint(theme, role, "fill")) ?? [];
  const channel = (hex: string): number => {
    const part = parseInt(hex, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return [channel(r), channel(g), channel(b)];
}

/** CIE L*a*b*, in which distances correspond to perceived differences. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times(TO_XYZ, rgb).map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * (y ?? 0) - 16, 500 * ((x ?? 0) - (y ?? 0)), 200 * ((y ?? 0) - (z ?? 0))];
}

const LINES = ["smoothed", "overlay1", "overlay2", "overlay3", "overlay4", "pick"] as const;

describe.each(["light", "dark"] as const)("the colours of the %s theme", (theme) => {
  test.each(Object.entries(EYES))("can be told apart with %s vision", (_, eye) => {
    const seen = LINES.map((role) => {
      const [r, g, b] = times(eye, linear(theme, role));
      const clamp = (part: number): number => Math.min(1, Math.max(0, part));
      return lab([clamp(r), clamp(g), clamp(b)]);
    });
    for (const [i, a] of seen.entries())
      for (const [j, b] of seen.slice(0, i).entries())
        // A distance of about 2 is just noticeable.
        expect(
          Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]),
          `${LINES[i]} and ${LINES[j]}`,
        ).toBeGreaterThan(15);
  });

  test("have a contrast of 3 to 1 to the background, and of 4.5 to 1 for text", () => {
    const light = (role: Role): number => times(TO_XYZ, linear(theme, role))[1] + 0.05;
    const contrast = (role: Role): number => {
      const [ground, mark] = [light("surface"), light(role)];
      return Math.max(ground, mark) / Math.min(ground, mark);
    };
    for (const role of LINES) expect(contrast(role), role).toBeGreaterThan(3);
    for (const role of ["text", "muted", "pick"] as const) expect(contrast(role), role).toBeGreaterThan(4.5);
  });
});
