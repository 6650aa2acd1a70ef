/** Whether a test of a value holds. It does not where the value can't even be looked at: a getter or a Proxy throws. */
export function safely(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
