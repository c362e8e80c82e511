import type { PlatformKind } from '@offhook/contract';

/** How long something is served. `until`: the last day, `2027-06-30`; after it it is unsupported. */
export type Support =
  | { readonly is: 'supported' }
  | { readonly is: 'deprecated'; readonly until: string }
  | { readonly is: 'unsupported' };

/** Versions from one up to another that is not in the range; compared number by number, as far as both have them. */
export type VersionRange = { readonly from?: string; readonly below?: string; readonly support: Support };

export type PlatformSupport = {
  readonly name: string;
  /** What such a platform calls itself in SIP or CSTA. One that says something else is not judged by its version. */
  readonly says: RegExp | undefined;
  /** Each version is in one range. None: every version that speaks the protocols is served. */
  readonly versions: readonly VersionRange[];
};

const supported = { is: 'supported' } as const;
const unsupported = { is: 'unsupported' } as const;

/**
 * What this service works with: a promise of its own, not what the makers say of their products. A line that changes here is told to every
 * administrator whom it concerns, when their connector reports in. `docs/platforms.md` is generated from it (`npm run docs:compatibility`).
 */
export const platformSupport: Readonly<Record<PlatformKind, PlatformSupport>> = {
  'openscape-voice': {
    name: 'OpenScape Voice',
    says: /open\s?scape\s?voice|hipath\s?8000/iu,
    versions: [
      { below: '9', support: unsupported },
      { from: '9', below: '10', support: { is: 'deprecated', until: '2027-12-31' } },
      { from: '10', support: supported },
    ],
  },
  'openscape-4000': {
    name: 'OpenScape 4000',
    says: /(?:open\s?scape|hipath)\s?4000/iu,
    versions: [
      { below: '8', support: unsupported },
      { from: '8', below: '10', support: { is: 'deprecated', until: '2027-12-31' } },
      { from: '10', support: supported },
    ],
  },
  'openscape-business': {
    name: 'OpenScape Business',
    says: /open\s?scape\s?business|osbiz/iu,
    versions: [
      { below: '2', support: unsupported },
      { from: '2', below: '3', support: { is: 'deprecated', until: '2027-12-31' } },
      { from: '3', support: supported },
    ],
  },
  'generic-sip': { name: 'any SIP PBX', says: undefined, versions: [] },
};

/** Versions of our own connector. What speaks another protocol is refused at the link, before this table is asked. */
export const connectorSupport: readonly VersionRange[] = [
  { below: '0.1', support: unsupported },
  { from: '0.1', support: supported },
];
