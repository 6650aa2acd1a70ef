const TYPES: Readonly<Record<string, string>> = { html: "text/html", svg: "image/svg+xml" };

/**
 * Opens a file in a new tab, and prints an address at which it can be opened too as long as this page stays.
 *
 * @returns The address.
 */
export function showFile(path: string, _isLasting: boolean, content: string | Uint8Array): Promise<string> {
  const type = TYPES[path.split(".").at(-1) ?? ""] ?? "";
  const part = typeof content === "string" ? content : new Uint8Array(content);
  const address = URL.createObjectURL(new Blob([part], { type: `${type};charset=utf-8` }));
  // A worker has no tabs.
  const tab = "window" in globalThis ? window.open(address) : null;
  const advice = tab === null ? " (allow pop-ups for this page, or open this address in a new tab)" : "";
  // eslint-disable-next-line no-console -- showing is what it is for
  console.log(`Learning-rate figure: ${address}${advice}`);
  return Promise.resolve(address);
}
