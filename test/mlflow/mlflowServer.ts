import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { providePython } from "../support/providePython.js";

/** The smallest set of packages whose `mlflow server` keeps runs in files: 35 MB instead of a gigabyte. */
const PACKAGES = ["mlflow-skinny==2.14.3", "flask", "gunicorn", "querystring-parser"];

/**
 * Sees to a real MLflow: the Python package that is there, or a small one in a folder.
 *
 * @returns What `PYTHONPATH` must be.
 */
export function provideMlflow(folder: string): Promise<string> {
  return providePython(folder, {
    modules: "mlflow, flask, sqlalchemy",
    packages: PACKAGES,
    timeout: 240_000,
  });
}

/** A tracking server that serves artifacts, as `mlflow server` starts it. */
export class MlflowServer {
  #process: ChildProcess | null = null;
  #output = "";

  /** @param folder - Where it keeps runs and artifacts; they outlast a restart. */
  constructor(
    private readonly pythonPath: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const flags = ["--host", "127.0.0.1", "--port", String(this.port), "--workers", "1"];
    const store = [
      "--backend-store-uri",
      this.#store,
      "--artifacts-destination",
      join(this.folder, "artifacts"),
    ];
    const env = { ...process.env, PYTHONPATH: this.pythonPath, MLFLOW_ALLOW_FILE_STORE: "true" };
    const child = spawn("python3", ["-m", "mlflow", "server", ...flags, ...store], {
      ...{ env, cwd: this.folder, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    this.#process = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`mlflow server has ended: ${this.#output.slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Sends a signal to it and its workers. */
  signal(name: NodeJS.Signals): void {
    if (this.#process?.pid !== undefined) process.kill(-this.#process.pid, name);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    this.signal("SIGKILL");
    await ended;
  }

  /** Calls a method of the REST interface, for what a logger does not read itself. */
  async get<T>(method: string, query: Readonly<Record<string, string>>): Promise<T> {
    const found = await fetch(
      `${this.address}/api/2.0/mlflow/${method}?${String(new URLSearchParams(query))}`,
    );
    if (!found.ok) throw new Error(await found.text());
    return (await found.json()) as T;
  }

  /** The bytes of an artifact. */
  async artifact(runId: string, path: string): Promise<Uint8Array> {
    const query = new URLSearchParams({ run_uuid: runId, path });
    const found = await fetch(`${this.address}/get-artifact?${String(query)}`);
    if (!found.ok) throw new Error(await found.text());
    return new Uint8Array(await found.arrayBuffer());
  }

  get #store(): string {
    const isSmall = this.pythonPath !== (process.env["PYTHONPATH"] ?? "");
    return isSmall ? join(this.folder, "runs") : `sqlite:///${join(this.folder, "runs.db")}`;
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.address}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
