import { reasonOf } from "../../errors/describe.js";
import { isObject } from "../../options/validators.js";
import type { ReadMlflowOptions } from "./mlflowOptions.js";

/** An answer of an MLflow server that is no success, or no answer at all. */
export class MlflowError extends Error {
  override readonly name = "MlflowError";

  /**
   * @param status - The HTTP status; `null` if there was no answer.
   * @param code - MLflow's code, e.g. `"RESOURCE_DOES_NOT_EXIST"`; empty if the answer has none.
   */
  constructor(
    message: string,
    readonly status: number | null,
    readonly code = "",
  ) {
    super(message);
  }

  /** Whether the same request may succeed later: there was no answer, or the server is busy or has failed. */
  get isTemporary(): boolean {
    const { status } = this;
    return status === null || status >= 500 || status === 408 || status === 429;
  }

  /** Whether the server refused what the request contains, so that sending it again can't help. */
  get isRefusal(): boolean {
    const { status } = this;
    return !this.isTemporary && Number(status) >= 400 && ![401, 403, 404].includes(Number(status));
  }
}

/** The parts of a request that depend on the method. */
interface ClientRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** The upload speed below which an upload may time out, in bytes a second. */
const SLOWEST_UPLOAD = 100_000;

/** Calls the REST interface of an MLflow server: https://mlflow.org/docs/latest/api_reference/rest-api.html */
export class MlflowClient {
  /** The address of the server, without a slash at the end. */
  readonly address: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeout: number;

  constructor({ trackingUri, headers, timeout }: ReadMlflowOptions) {
    this.address = trackingUri.replace(/\/+$/, "");
    this.#headers = headers;
    this.#timeout = timeout;
  }

  /**
   * Calls a method with GET.
   *
   * @throws MlflowError, as all calls.
   */
  async get(method: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const address = `${this.address}/api/2.0/mlflow/${method}?${String(new URLSearchParams(query))}`;
    return this.#request(method, address, { method: "GET" });
  }

  /** Calls a method with POST. */
  async post(method: string, body: object): Promise<unknown> {
    return this.#request(method, `${this.address}/api/2.0/mlflow/${method}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /**
   * Uploads an artifact.
   *
   * @param root - The place of a run's artifacts, e.g. `mlflow-artifacts:/1/7e…/artifacts`.
   * @param path - A path below it.
   */
  async putArtifact(root: string, path: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const { protocol, host, pathname } = new URL(root, "file:");
    if (protocol !== "mlflow-artifacts:") {
      const text = `artifacts go to ${protocol}, which only programs on a server with --serve-artifacts can write`;
      throw new MlflowError(text, 400);
    }
    const server = host === "" ? this.address : `${new URL(this.address).protocol}//${host}`;
    const place = `${pathname.replace(/^\/+/, "")}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const request = {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: content,
    };
    const address = `${server}/api/2.0/mlflow-artifacts/artifacts/${place}`;
    await this.#request("the upload of an artifact", address, request, content.length / SLOWEST_UPLOAD);
  }

  async #request(what: string, address: string, request: ClientRequest, moreSeconds = 0): Promise<unknown> {
    const milliseconds = Math.ceil(1000 * (this.#timeout + moreSeconds));
    const signal = AbortSignal.timeout(milliseconds);
    let response: Response;
    let answer: string;
    try {
      const headers = { ...this.#headers, ...request.headers };
      response = await fetch(address, { ...request, headers, signal });
      answer = await response.text();
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      const reason = isLate ? `no answer within ${milliseconds / 1000} s` : connectionReason(error);
      throw new MlflowError(reason, null);
    }
    const body = parse(answer);
    if (response.ok && isObject(body)) return body;
    const { error_code: code, message } = { ...(body as { error_code?: unknown; message?: unknown } | null) };
    const other = response.status < 500 ? "the answer is not one of MLflow" : "the server has failed";
    const reason = typeof message === "string" ? message.replace(/\.$/, "") : other;
    const text = `${what} was answered with status ${response.status}: ${reason}`;
    throw new MlflowError(text, response.ok ? 404 : response.status, typeof code === "string" ? code : "");
  }
}

function parse(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Why there was no connection; `fetch` itself says only that it failed. */
function connectionReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  // A name with several addresses gives one error for each.
  const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  return reasonOf(first ?? error);
}
