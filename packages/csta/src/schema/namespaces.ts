/** Editions of ECMA-323 that are understood; written is the one that a link was given. */
export const EDITIONS = [2, 3, 4, 5, 6] as const;

export type Edition = (typeof EDITIONS)[number];

/** ECMA-354: the messages that start, renew and end a session. */
export const sessionNamespace = 'http://www.ecma-international.org/standards/ecma-354/appl_session';

/** What OpenScape adds to CSTA stands in this namespace. */
export const siemensNamespace = 'http://www.siemens.com/schema/csta';

/** Edition 2 stood at `www.ecma.ch`, and some systems have kept that host for later ones. */
const pattern = /^http:\/\/www\.ecma(?:-international\.org|\.ch)\/standards\/ecma-323\/csta\/ed([2-6])$/;

export function namespaceOf(edition: Edition): string {
  const host = edition === 2 ? 'www.ecma.ch' : 'www.ecma-international.org';
  return `http://${host}/standards/ecma-323/csta/ed${edition}`;
}

/** Also for the URIs of `requestedProtocolVersions`, which are the namespaces. */
export function editionOf(namespace: string): Edition | undefined {
  const digit = pattern.exec(namespace)?.[1];
  return EDITIONS.find((edition) => String(edition) === digit);
}

/**
 * Whether elements in it are the standards' own. OpenScape leaves out the namespace of session messages and of everything in them,
 * so that none is as good as the right one.
 */
export function isStandard(namespace: string): boolean {
  return namespace === '' || namespace === sessionNamespace || editionOf(namespace) !== undefined;
}
