import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FulmineError } from "@fulmine/core";
import { pageFiles, type PageFile, type PageFiles } from "./pageFiles.js";
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
    let found: Answer;
    try {
      found = answer(request, page, runs);
    } catch (error) {
      found = text(500, String(error));
    }
    send(response, found, page);
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

/** An answer to a request. */
interface Answer extends PageFile {
  readonly status: number;
}

function text(status: number, words: string): Answer {
  return { status, type: "text/plain; charset=utf-8", content: Buffer.from(`${words}\n`) };
}

function json(value: unknown): Answer {
  return { status: 200, type: "application/json", content: Buffer.from(JSON.stringify(value)) };
}

function answer(
  { method, headers, socket, url = "/" }: IncomingMessage,
  page: PageFiles,
  runs: WatchedRuns,
): Answer {
  const port = socket.localPort ?? 0;
  const names = [HOST, "localhost"].flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]);
  if (!names.includes(headers.host ?? "")) return text(403, `Open http://${HOST}:${port}/ instead.`);
  if (method !== "GET" && method !== "HEAD") return text(405, "Only GET is answered.");
  const nothing = text(404, "There is nothing here.");
  const address = `http://${HOST}${url}`;
  if (!URL.canParse(address)) return nothing;
  const { pathname, searchParams } = new URL(address);
  const file = page.files.get(pathname);
  if (file !== undefined) return { status: 200, ...file };
  if (pathname === "/api/runs") return json(runs.list());
  const run = pathname === "/api/run" ? runs.read(searchParams.get("id") ?? "") : null;
  return run === null ? nothing : json(run);
}

function send(response: ServerResponse, { status, type, content }: Answer, { policy }: PageFiles): void {
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
