import { engine, type KernelBackend } from "@tensorflow/tfjs-core";

/** What tfjs has registered for a backend. */
interface RegistryEntry {
  factory: () => KernelBackend | Promise<KernelBackend>;
}

const silenced = new WeakSet<RegistryEntry>();

/**
 * Prevents tfjs's cpu backend from recommending tfjs-node when it is first used in a Node process. Fulmine names the backend in
 * use, and says itself how to get a faster one. It has no effect before tfjs has registered the backend.
 */
export function silenceCpuBanner(): void {
  const { registry, registryFactory } = engine();
  const entry: RegistryEntry | undefined = registryFactory["cpu"];
  if (entry === undefined || silenced.has(entry)) return;
  silenced.add(entry);
  // tfjs may make the backend again when it looks for the best one.
  const { factory } = entry;
  entry.factory = () => silence(factory());
  silence(registry["cpu"]);
}

function silence<T>(backend: T): T {
  if (typeof backend === "object" && backend !== null) Reflect.set(backend, "firstUse", false);
  return backend;
}
