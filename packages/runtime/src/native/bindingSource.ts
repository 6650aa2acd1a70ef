import { fileURLToPath } from "node:url";

/**
 * The path of one of this package's own C++ sources, which lie in its folder `binding` as they are; both `src` and `dist`
 * lie beside it.
 *
 * A change there that finished builds need, too, raises the format in `nativeTarget`.
 */
export function bindingSource(name: string): string {
  return fileURLToPath(new URL(`../../binding/${name}`, import.meta.url));
}
