import { hostSystem } from "../host/hostSystem.js";
import { libraryName, type LibraryPart } from "../host/libraryPath.js";

/** Gets the flags that make an addon, which finds Node's functions in the process that loads it. */
export function addonFlags(): readonly string[] {
  const common = ["-std=c++17", "-fPIC", "-DNAPI_VERSION=8"];
  return hostSystem().platform === "darwin"
    ? [...common, "-bundle", "-undefined", "dynamic_lookup"]
    : [...common, "-shared"];
}

/**
 * Gets the flags that link an addon with libtensorflow. The path is relative to the addon, so that a build can be moved.
 * libtensorflow itself finds CUDA in the folder next to its own, as in an installed wheel.
 *
 * @param folder - The folder of libtensorflow; in a build it is the folder `tensorflow` next to the addon.
 */
export function libraryFlags(folder: string): readonly string[] {
  const isMac = hostSystem().platform === "darwin";
  const link = (part: LibraryPart): string => (isMac ? `-ltensorflow_${part}.2` : `-l:${libraryName(part)}`);
  const here = isMac ? "@loader_path" : "$ORIGIN";
  return [`-L${folder}`, link("cc"), link("framework"), `-Wl,-rpath,${here}/tensorflow`];
}
