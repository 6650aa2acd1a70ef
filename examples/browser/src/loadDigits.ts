import address from "@fulmine-examples/digits/digits.csv.gz?url";
import { splitDigits } from "@fulmine-examples/digits/splitDigits";

/** The UCI digits, in parts. */
export async function loadDigits(): Promise<ReturnType<typeof splitDigits>> {
  const file = await (await fetch(address)).arrayBuffer();
  const [first, second] = new Uint8Array(file);
  // Some servers have the browser unpack it on the way.
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = new Blob([file]).stream();
  const csv = isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  return splitDigits(await new Response(csv).text());
}
