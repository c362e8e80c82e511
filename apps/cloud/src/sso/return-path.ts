/** A path of this service's own pages, and nothing that a browser could read as an address elsewhere. */
export function returnPath(wanted: string | undefined, otherwise: string): string {
  if (wanted === undefined || wanted.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/u.test(wanted))
    return otherwise;
  if (wanted.includes('\\')) return otherwise;
  const url = URL.parse(wanted, 'https://here.invalid');
  if (url === null || url.origin !== 'https://here.invalid') return otherwise;
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || /^\/api(?:\/|$)/u.test(url.pathname) ? otherwise : path;
}

/** The same path with one more parameter. */
export function withParameter(path: string, name: string, value: string): string {
  const url = new URL(path, 'https://here.invalid');
  url.searchParams.set(name, value);
  return url.pathname + url.search + url.hash;
}
