import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FulmineError } from "@fulmine/core";
import { pageFiles, type PageFiles } from "./pageFiles.js";
import { WatchedRuns } from "./watchedRuns.js";

/** Only programs on this machine reach it. */
const HOST = "127.0.0.1";

/** A running server of the page. */
export interface WatchServer {
  /** The address of the page. */
  readonly address: string;
  /** Ends all connections, and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves a page with the runs in a folder, on the loopback interface only. It answers only requests to that address, so that a
 * site on the internet can't read the runs through the browser (DNS rebinding). It writes nothing.
 *
 * @param port - 0 takes any free port.
 * @throws FulmineError `UNAVAILABLE` if the port can't be had.
 */
export async function startWatchServer(folder: string, port: number): Promise<WatchServer> {
  const page = pageFiles();
  const runs = new WatchedRuns(folder);
  const server = createServer((request, response) => {
    try {
      answer(request, response, page, runs);
    } catch (error) {
      send(response, 500, { type: "text/plain", content: Buffer.from(String(error)) }, page);
    }
  });
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `http://${HOST}:${taken}/`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "another program uses it" : message;
    throw new FulmineError("UNAVAILABLE", `The port ${port} can't be had: ${reason}.`, {
      todo: "Give another one with --port, or --port 0 for any that is free.",
      cause,
    });
  }
}

const json = (value: unknown) => ({
  type: "application/json",
  content: Buffer.from(JSON.stringify(value)),
});
const text = (words: string) => ({ type: "text/plain; charset=utf-8", content: Buffer.from(`${words}\n`) });

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  page: PageFiles,
  runs: WatchedRuns,
): void {
  const { method = "", headers, socket } = request;
  const port = socket.localPort ?? 0;
  const names = [HOST, "localhost"].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  if (!names.includes(headers.host ?? ""))
    return send(response, 403, text(`Open http://${HOST}:${port}/ instead.`), page);
  if (method !== "GET" && method !== "HEAD") return send(response, 405, text("Only GET is answered."), page);
  const address = `http://${HOST}${request.url ?? "/"}`;
  if (!URL.canParse(address)) return send(response, 404, text("There is nothing here."), page);
  const { pathname, searchParams } = new URL(address);
  const file = page.files.get(pathname);
  if (file !== undefined) return send(response, 200, file, page);
  if (pathname === "/api/runs") return send(response, 200, json(runs.list()), page);
  const run = pathname === "/api/run" ? runs.read(searchParams.get("id") ?? "") : null;
  if (run !== null) return send(response, 200, json(run), page);
  send(response, 404, text("There is nothing here."), page);
}

function send(
  response: ServerResponse,
  status: number,
  { type, content }: { readonly type: string; readonly content: Buffer },
  { policy }: PageFiles,
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": content.length,
    "cache-control": "no-store",
    "content-security-policy": policy,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  response.end(response.req.method === "HEAD" ? undefined : content);
}
