/**
 * What a browser does on the way of a sign-in: keeps cookies by origin, follows redirects, and sends along only the cookies that `SameSite` lets
 * through: a way that began on another site's page takes no strict cookie along, and a POST from there no lax one.
 */
export type Page = { url: string; status: number; text: string; cookies: string[] };

type Cookie = { value: string; sameSite: string };

export type TestBrowser = {
  /** Follow a link, or submit a form, on a page of `from` (nobody's where absent). Ends at what is no redirect, or before a stop. */
  go: (
    url: string,
    options?: { from?: string; form?: Record<string, string>; until?: (url: string) => boolean },
  ) => Promise<Page>;
  cookie: (origin: string, name: string) => string | undefined;
  cookieHeader: (origin: string) => string;
};

const REDIRECTS = 15;

export function openBrowser(): TestBrowser {
  const jars = new Map<string, Map<string, Cookie>>();
  const jarOf = (origin: string) => jars.getOrInsertComputed(origin, () => new Map<string, Cookie>());

  const remember = (origin: string, response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
      const isGone = /max-age=0|expires=Thu, 01 Jan 1970/iu.test(line);
      if (isGone) jarOf(origin).delete(name);
      else
        jarOf(origin).set(name, {
          value,
          sameSite: /samesite=(\w+)/iu.exec(line)?.[1]?.toLowerCase() ?? 'lax',
        });
    }
  };
  const headerFor = (origin: string, isCrossSite: boolean, method: string) =>
    [...jarOf(origin)]
      .filter(
        ([, { sameSite }]) => !isCrossSite || (sameSite === 'lax' ? method === 'GET' : sameSite === 'none'),
      )
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');

  const go: TestBrowser['go'] = async (url, { from, form, until } = {}) => {
    let next = new URL(url);
    let body = form === undefined ? undefined : new URLSearchParams(form).toString();
    // A redirect to another site and back is a way across sites.
    const sites = new Set([from === undefined ? next.origin : new URL(from).origin]);
    for (let hops = 0; hops < REDIRECTS; hops += 1) {
      const { origin } = next;
      sites.add(origin);
      const method = body === undefined ? 'GET' : 'POST';
      const response = await fetch(next, {
        method,
        redirect: 'manual',
        headers: {
          cookie: headerFor(origin, sites.size > 1, method),
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                origin: from === undefined ? origin : new URL(from).origin,
              }),
        },
        ...(body === undefined ? {} : { body }),
      });
      remember(origin, response);
      const location = response.headers.get('location');
      const page = {
        url: next.href,
        status: response.status,
        text: await response.text(),
        cookies: response.headers.getSetCookie(),
      };
      if (response.status < 300 || response.status >= 400 || location === null) return page;
      next = new URL(location, next);
      if (response.status !== 307 && response.status !== 308) body = undefined;
      if (until?.(next.href) === true) return { ...page, url: next.href };
    }
    throw new Error(`more than ${REDIRECTS} redirects`);
  };

  return {
    go,
    cookie: (origin, name) => jarOf(origin).get(name)?.value,
    cookieHeader: (origin) => headerFor(origin, false, 'GET'),
  };
}
