import { Limits } from '@offhook/contract';

/** Schemes that this phone takes. */
const SCHEME = /^(?:tel|web\+tel|web\+offhook):/iu;

/**
 * The number of a telephone link (RFC 3966), without its visual separators and parameters; undefined for what is none. A link comes from anybody: digits, `+`,
 * `*` and `#` are taken and nothing else.
 */
export function numberOfLink(link: string): string | undefined {
  if (!SCHEME.test(link)) return undefined;
  const [subscriber = ''] = link.replace(SCHEME, '').replace(/^\/\//u, '').split(/[;?]/u);
  let plain;
  try {
    plain = decodeURIComponent(subscriber);
  } catch {
    return undefined;
  }
  const number = plain.replaceAll(/[\s().\-/]/gu, '');
  return /^\+?[0-9*#]+$/u.test(number) && number.length <= Limits.targetChars ? number : undefined;
}
