/**
 * The key of a global symbol. Under it the loader puts the program's copy of tfjs while the JavaScript of a build is loaded,
 * which so registers its backend, its `file://` handlers and its progress bar with the program's own tfjs.
 */
export const TFJS_KEY = "fulmine.tfjs";
