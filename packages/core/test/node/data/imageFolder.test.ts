import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { augmentImages, fromLayers, split, Trainer } from "@fulmine/core";
import { ImageFolder } from "@fulmine/core/node";

const room = mkdtempSync(join(tmpdir(), "images-"));
afterAll(() => rmSync(room, { recursive: true }));

type Color = readonly [red: number, green: number, blue: number];

/** An image of one colour with a darker lower half. */
function picture([red, green, blue]: Color, [width, height] = [12, 12]): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const share = at < (width * height) / 2 ? 1 : 0.5;
    pixels.set([red * share, green * share, blue * share], at * 3);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Makes a folder and returns its path. */
function folder(...parts: string[]): string {
  const path = join(room, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

const flowers = join(room, "flowers");
beforeAll(async () => {
  for (const name of ["rose", "daisy/field", "Iris"]) folder("flowers", name);
  for (let at = 0; at < 6; at++) {
    await picture([200 + at, 20, 20])
      .png()
      .toFile(join(flowers, `rose/${at}.png`));
    await picture([240, 240, 200 + at])
      .jpeg({ quality: 100 })
      .toFile(join(flowers, `daisy/field/${at}.JPG`));
  }
  await picture([20, 20, 200], [24, 12]).webp({ lossless: true }).toFile(join(flowers, "Iris/a.webp"));
  await picture([20, 20, 210]).greyscale().tiff().toFile(join(flowers, "Iris/b.tif"));
  writeFileSync(join(flowers, "daisy/notes.txt"), "sunny");
  writeFileSync(join(flowers, ".hidden"), "");
  writeFileSync(join(flowers, "README.md"), "");
});

describe("an ImageFolder", () => {
  test("has a class per folder and its images at any depth, all sorted", () => {
    const images = new ImageFolder(flowers, { size: 8 });
    expect(images.classes).toEqual(["Iris", "daisy", "rose"]);
    expect([images.length, images.labels.length]).toEqual([14, 14]);
    expect(images.files.slice(0, 3)).toEqual(
      ["Iris/a.webp", "Iris/b.tif", "daisy/field/0.JPG"].map((path) => join(flowers, path)),
    );
    expect([...images.labels]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(images.ignored).toEqual(["README.md", "daisy/notes.txt"]);
    expect(new ImageFolder(flowers, { size: 8, extensions: [".PNG", ".jpg", ".webp"] }).length).toBe(13);
  });

  test("decodes to bytes of the wanted size and channels, whatever the file has", async () => {
    const images = new ImageFolder(flowers, { size: [6, 4] });
    const { pixels, label } = await images.get(8);
    expect([pixels.length, label]).toEqual([6 * 4 * 3, 2]);
    expect([...pixels.subarray(0, 3)]).toEqual([200, 20, 20]);
    expect([...pixels.subarray(-3)]).toEqual([100, 10, 10]);
    const [grey] = (await new ImageFolder(flowers, { size: 4, channels: 1 }).get(8)).pixels;
    expect(Math.abs((grey ?? 0) - 97)).toBeLessThan(30);
    const clear = (await new ImageFolder(flowers, { size: 4, channels: 4 }).get(1)).pixels;
    expect([clear.length, clear[3]]).toEqual([64, 255]);
    // Grey files have three equal channels.
    const tones = (await images.get(1)).pixels.subarray(0, 3);
    expect(new Set(tones).size).toBe(1);
    const wide = await new ImageFolder(flowers, { size: 12, fit: "contain" }).get(0);
    expect([...wide.pixels.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  test("turns images upright, drops opacity and reads 16 bits", async () => {
    const path = folder("odd", "a");
    await picture([200, 100, 0], [4, 8])
      .jpeg({ quality: 100 })
      .withMetadata({ orientation: 3 })
      .toFile(join(path, "1.jpg"));
    await picture([200, 100, 0]).ensureAlpha(0.5).png().toFile(join(path, "2.png"));
    await picture([200, 100, 0]).toColourspace("rgb16").png().toFile(join(path, "3.png"));
    const images = new ImageFolder(join(room, "odd"), { size: 4 });
    const [upright, clear, deep] = await Promise.all([0, 1, 2].map((at) => images.get(at)));
    // The darker half is above.
    expect(upright?.pixels[0]).toBeLessThan(120);
    for (const image of [clear, deep])
      for (const [at, value] of [200, 100, 0].entries())
        expect(Math.abs((image?.pixels[at] ?? NaN) - value)).toBeLessThanOrEqual(2);
  });

  test("is split into ImageFolders, whose loaders train a model", async () => {
    const images = new ImageFolder(flowers, { size: 8 });
    const [train, val] = split(images, [10, 4], {
      seed: 1,
      stratify: Array.from(images.labels, (label) => Math.min(label, 1)),
    });
    expect([...train.files, ...val.files].toSorted()).toEqual([...images.files].toSorted());
    for (const part of [train, val])
      expect([...part.labels]).toEqual(part.files.map((path) => images.labels[images.files.indexOf(path)]));
    const net = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [8, 8, 3] }),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    const model = fromLayers(net, { loss: "sparseCategoricalCrossentropy", lr: 0.03, metrics: ["accuracy"] });
    const trainer = new Trainer({
      maxEpochs: 6,
      seed: 1,
      enableProgressBar: false,
      enableModelSummary: false,
    });
    const transform = augmentImages({ horizontalFlip: 0.5, brightness: 0.1 });
    const { metrics } = await trainer.fit(model, {
      train: train.loader({ batchSize: 4, shuffle: true, transform }),
      val: val.loader(),
    });
    expect(metrics["val_acc"]).toBeGreaterThanOrEqual(0.75);
    trainer.dispose();
  });

  test("gives floats from 0 to 1, and repeats its bits after a resume; nothing leaks", async () => {
    const images = new ImageFolder(flowers, { size: 4 });
    const make = () =>
      images.loader({ batchSize: 5, shuffle: true, seed: 2, transform: augmentImages({ rotate: 20 }) });
    const before = tf.memory().numTensors;
    const read = async (loader: ReturnType<typeof make>, from?: number): Promise<number[][]> => {
      const reader = loader.open(null as never, from === undefined ? {} : { from });
      const batches: number[][] = [];
      for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
        expect([batch.value.xs.dtype, batch.value.ys.dtype]).toEqual(["float32", "int32"]);
        batches.push([...(await batch.value.ys.data()), ...(await batch.value.xs.data())]);
        batch.release();
      }
      return batches;
    };
    const loader = make();
    const all = await read(loader);
    expect(all.length).toBe(3);
    expect(Math.max(...all.flatMap((values) => values.slice(5)))).toBeLessThanOrEqual(1);
    const resumed = make();
    resumed.loadStateDict(loader.stateDict());
    expect(await read(resumed, 2)).toEqual(all.slice(2));
    // What was decoded ahead is released too.
    const reader = make().open(null as never);
    (await reader.next())?.release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await reader.close();
    await expect.poll(() => tf.memory().numTensors).toBe(before);
  });

  test("names the image that is damaged, truncated or gone", async () => {
    const path = folder("damaged", "a");
    const whole = await picture([1, 2, 3], [64, 64]).jpeg().toBuffer();
    writeFileSync(join(path, "1.jpg"), "no image");
    writeFileSync(join(path, "2.jpg"), whole.subarray(0, whole.length / 2));
    writeFileSync(join(path, "3.png"), "");
    symlinkSync(join(path, "gone.jpg"), join(path, "4.jpg"));
    const images = new ImageFolder(join(room, "damaged"), { size: 4 });
    for (let at = 0; at < 4; at++) {
      const failed = images.get(at);
      await expect(failed).rejects.toThrow("The image can't be decoded: ");
      await expect(failed).rejects.toThrow(images.files[at]);
    }
    const model = fromLayers(
      tf.sequential({ layers: [tf.layers.conv2d({ inputShape: [4, 4, 3], filters: 1, kernelSize: 4 })] }),
      {
        loss: "mse",
      },
    );
    const trainer = new Trainer({ maxEpochs: 1, enableProgressBar: false });
    await expect(trainer.fit(model, { train: images.loader() })).rejects.toThrow(/damaged.*\.(jpg|png)/);
    trainer.dispose();
  });

  const bad: [string, () => unknown, string][] = [
    [
      "a folder that is not there",
      () => new ImageFolder(join(room, "none"), { size: 4 }),
      "can't be read. Received: ",
    ],
    [
      "a folder without classes",
      () => new ImageFolder(folder("empty"), { size: 4 }),
      "must have a subfolder per class",
    ],
    [
      "a class without images",
      () => (folder("bare", "a"), new ImageFolder(join(room, "bare"), { size: 4 })),
      "The class `a` of an ImageFolder has no images.",
    ],
    [
      "images that it would leave out",
      () => {
        writeFileSync(join(folder("old", "a"), "1.bmp"), "");
        return new ImageFolder(join(room, "old"), { size: 4 });
      },
      'an image whose extension it does not read. Received: "a/1.bmp".',
    ],
    [
      "a link to a folder above it",
      () => {
        symlinkSync("..", join(folder("round", "a", "more"), "back"));
        return new ImageFolder(join(room, "round"), { size: 4 });
      },
      "A link in an ImageFolder leads back to a folder above it. Received: ",
    ],
    [
      "no size",
      () => new ImageFolder(flowers, {} as never),
      "`size` of `ImageFolder` must be a number of pixels, or [height, width].",
    ],
    [
      "two channels",
      () => new ImageFolder(flowers, { size: 4, channels: 2 as never }),
      "`channels` of `ImageFolder` must be 1, 3 or 4.",
    ],
    [
      "labels of no class",
      () => new ImageFolder({ classes: ["a"], files: ["1.png"], labels: Int32Array.of(1) }, { size: 4 }),
      "with a class index for each file",
    ],
  ];
  test.each(bad)("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
