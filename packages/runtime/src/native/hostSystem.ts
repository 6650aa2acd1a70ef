/** The parts of this machine that decide which libtensorflow fits. */
export interface HostSystem {
  /** The operating system, as `process.platform` names it. */
  readonly platform: NodeJS.Platform;
  /** The processor, as `process.arch` names it. */
  readonly arch: NodeJS.Architecture;
  /** The version of the GNU C library, e.g. `2.36`; `null` where there is none (musl, macOS, Windows). */
  readonly glibc: string | null;
}

let known: HostSystem | undefined;

/** Looks up the operating system, the processor and the C library, once. */
export function hostSystem(): HostSystem {
  known ??= { platform: process.platform, arch: process.arch, glibc: glibcVersion() };
  return known;
}

function glibcVersion(): string | null {
  if (process.platform !== "linux") return null;
  // Node's report is the only built-in place that names the C library's version.
  const report: unknown = process.report.getReport();
  const header = field(report, "header");
  const version = field(header, "glibcVersionRuntime");
  return typeof version === "string" ? version : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
