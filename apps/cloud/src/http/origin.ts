import type { IncomingMessage } from 'node:http';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * May this request come from where it says? Browsers name the page's origin with every unsafe request and every
 * WebSocket handshake; it must be ours. Without an `Origin` it was no page of somebody else's: a program that
 * has no person's cookies.
 *
 * @param publicOrigin e.g. `https://phone.example.com`; without it the page must come from the host asked
 */
export function isOriginAllowed(request: IncomingMessage, publicOrigin: string | undefined): boolean {
  const { origin, host } = request.headers;
  const isUpgrade = request.headers.upgrade !== undefined;
  if (!isUpgrade && safe.has(request.method ?? '')) return true;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (publicOrigin !== undefined) return origin === publicOrigin;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
