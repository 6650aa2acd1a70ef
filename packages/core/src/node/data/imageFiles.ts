/// <reference types="node" />
import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { extname, join, relative } from "node:path";
import { FulmineError } from "../../errors/fulmineError.js";
import { safely } from "../../options/checkOptions.js";
import { isListOf, text } from "../../options/validators.js";

/** The extensions of the formats that the prebuilt sharp decodes. */
export const IMAGE_EXTENSIONS: readonly string[] = [
  ...[".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".tif", ".tiff"],
];

/** Extensions of images that would be left out in silence. */
const OTHER_IMAGES = /\.(bmp|ppm|pgm|pnm|heic|heif|jp2|jxl|svg|ico|raw|dng|psd|exr|hdr)$/i;

/** The image files of a folder, by class. */
export interface ImageFiles {
  /** The names of the classes, sorted. */
  readonly classes: readonly string[];
  /** The paths of the images, class by class, sorted. */
  readonly files: readonly string[];
  /** The class index of each file. */
  readonly labels: Int32Array;
  /** The paths of the files that are no images, relative to the folder. @defaultValue none */
  readonly ignored?: readonly string[];
}

/**
 * Checks a list of images.
 *
 * @throws FulmineError `INVALID_DATA` if the images are no list, or if a label is no index of a class.
 */
export function checkedFiles(images: ImageFiles): ImageFiles {
  const isValid = safely(() => {
    const { classes, files, labels } = images;
    const areTexts = isListOf(files, text().test) && isListOf(classes, text().test);
    return (
      areTexts && files.length > 0 && labels.length === files.length && labels.every((at) => at in classes)
    );
  });
  if (isValid) return images;
  throw new FulmineError(
    "INVALID_DATA",
    "An ImageFolder takes the path of a folder, or images with classes.",
    {
      received: images,
      todo: "Pass a path, or { classes, files, labels } with a class index for each file.",
    },
  );
}

/**
 * Lists the images of a folder with one subfolder per class. An image may be at any depth in the folder of its class. Hidden files
 * and folders, whose names start with a dot, are skipped.
 *
 * @param given - The extensions of images, in any case.
 * @throws FulmineError `INVALID_DATA` if the folder can't be read, has no subfolder, or has images of another format;
 * `EMPTY_DATA` if a class has no images.
 */
export function imageFiles(folder: string, given: readonly string[]): ImageFiles {
  const extensions = given.map((extension) => extension.toLowerCase());
  const top = list(folder, folder);
  const classes = top.filter((entry) => isFolder(folder, entry)).map(({ name }) => name);
  if (classes.length === 0) {
    throw new FulmineError("INVALID_DATA", "The folder of an ImageFolder must have a subfolder per class.", {
      received: folder,
      todo: "Put the images of each class into a folder with the name of the class.",
    });
  }
  const ignored = top.filter((entry) => !isFolder(folder, entry)).map(({ name }) => name);
  const files: string[] = [];
  const labels: number[] = [];
  for (const [label, name] of classes.entries()) {
    const found = filesIn(join(folder, name), folder, []);
    const isImage = (path: string): boolean => extensions.includes(extname(path).toLowerCase());
    const images = found.filter(isImage);
    const others = found.filter((path) => !isImage(path)).map((path) => relative(folder, path));
    requireKnownFormat(others, extensions);
    ignored.push(...others);
    if (images.length === 0) {
      throw new FulmineError("EMPTY_DATA", `The class \`${name}\` of an ImageFolder has no images.`, {
        received: join(folder, name),
        todo: `Their extensions are: ${extensions.join(", ")}. Remove the folder, or set \`extensions\`.`,
      });
    }
    for (const path of images) {
      files.push(path);
      labels.push(label);
    }
  }
  return { classes, files, labels: Int32Array.from(labels), ignored };
}

/**
 * The paths of all files in a folder and its subfolders, sorted.
 *
 * @param above - The real paths of the folders that lead to it.
 */
function filesIn(folder: string, root: string, above: readonly string[]): string[] {
  const entries = list(folder, root);
  const real = realpathSync(folder);
  if (above.includes(real)) {
    throw new FulmineError("INVALID_DATA", "A link in an ImageFolder leads back to a folder above it.", {
      received: folder,
      todo: "Remove the link: each image would be read many times.",
    });
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return isFolder(folder, entry) ? filesIn(path, root, [...above, real]) : [path];
  });
}

/** The entries of a folder, sorted by the codes of their characters, so that the order is the same on each machine. */
function list(folder: string, root: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter(({ name }) => !name.startsWith("."))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (cause) {
    throw new FulmineError("INVALID_DATA", "The folder of an ImageFolder can't be read.", {
      received: folder,
      ...(folder === root ? { todo: "Check the path: it is relative to the working directory." } : {}),
      cause,
    });
  }
}

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(parent, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function requireKnownFormat(others: readonly string[], extensions: readonly string[]): void {
  const odd = others.find((path) => OTHER_IMAGES.test(path));
  if (odd === undefined) return;
  throw new FulmineError("INVALID_DATA", "An ImageFolder has an image whose extension it does not read.", {
    received: odd,
    todo: `It reads ${extensions.join(", ")}. Convert the image, remove it, or set \`extensions\` if your build of sharp decodes it.`,
  });
}
