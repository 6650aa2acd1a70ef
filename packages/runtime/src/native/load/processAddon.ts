import { join } from "node:path";
import { PROCESS_ADDON, type NativeBuild } from "../cache/nativeBuild.js";
import { libraryPath } from "../host/libraryPath.js";

/** The functions of the addon that `binding/process.cc` makes. */
interface ProcessAddon {
  load(path: string): void;
  setEnvironment(name: string, value: string): void;
}

let addon: ProcessAddon | null = null;

/**
 * Loads the addon of a build that changes the process, and with it libtensorflow, without the lines that it prints. It prints
 * them if `TF_CPP_MIN_LOG_LEVEL=0` requests all messages.
 */
export function loadProcessAddon(build: NativeBuild): void {
  const module: { exports: ProcessAddon } = {
    exports: { load: () => undefined, setEnvironment: () => undefined },
  };
  process.dlopen(module, join(build.folder, PROCESS_ADDON));
  addon = module.exports;
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // In Bun, what the program wrote to `process.env` has not reached the environment that libtensorflow reads.
  for (const [name, value = ""] of Object.entries(process.env))
    if (/^(TF|CUDA|XLA)_/.test(name)) addon.setEnvironment(name, value);
  if (process.env["TF_CPP_MIN_LOG_LEVEL"] !== "0") addon.load(join(build.folder, libraryPath("framework")));
}

/** Sets an environment variable for libtensorflow and its addon; `null` removes it. */
export function setEnvironment(name: string, value: string | null): void {
  if (value === null) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
  addon?.setEnvironment(name, value ?? "");
}
