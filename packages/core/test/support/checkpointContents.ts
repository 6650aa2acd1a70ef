import { encodeCheckpoint, type Checkpoint } from "@fulmine/core";

const HASH_AT = 8;
const LENGTH_AT = 40;
const TEXT_AT = 44;
const aligned = (size: number): number => Math.ceil(size / 8) * 8;

/** The text of a checkpoint's file as it is parsed, and the bytes that it refers to. */
export async function contentsOf(
  checkpoint: Checkpoint,
): Promise<{ readonly tree: object; readonly body: Uint8Array }> {
  const bytes = await encodeCheckpoint(checkpoint);
  const length = new DataView(bytes.buffer).getUint32(LENGTH_AT, true);
  const text = new TextDecoder().decode(bytes.subarray(TEXT_AT, TEXT_AT + length));
  return { tree: JSON.parse(text) as object, body: bytes.slice(aligned(TEXT_AT + length)) };
}

/**
 * A file of any contents, with a checksum that fits.
 *
 * @param contents - What is written as JSON, or the text itself.
 * @param length - The length that the file tells of its text; left out, the right one.
 * @param version - The last place of the file's name.
 */
export async function fileOf(
  contents: object | string,
  body: Uint8Array,
  length?: number,
  version = 2,
): Promise<Uint8Array> {
  const text = new TextEncoder().encode(typeof contents === "string" ? contents : JSON.stringify(contents));
  const start = aligned(TEXT_AT + text.length);
  const bytes = new Uint8Array(start + body.length);
  bytes.set(new TextEncoder().encode(`FULMINE${version}`));
  new DataView(bytes.buffer).setUint32(LENGTH_AT, length ?? text.length, true);
  bytes.set(text, TEXT_AT);
  bytes.set(body, start);
  bytes.set(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), HASH_AT);
  return bytes;
}
