import type { PlatformKind, PlatformReport } from '@offhook/contract';
import { connectorSupport, platformSupport, type Support, type VersionRange } from './table.ts';

/** A product and its version, as far as they can be read from what a platform calls itself. */
export type Product = { product?: string; version?: string };

/**
 * `OpenScape Voice/V10R3.1` → OpenScape Voice, 10.3.1; `Kamailio (5.7.1 (x86_64/linux))` → Kamailio, 5.7.1. The first thing that looks like a version
 * is one; a number that belongs to the name (`OpenScape 4000`) does not.
 */
export function productOf(said: string): Product {
  const found = /(?<before>.*?)(?<![\w.])[Vv]?(?<version>\d{1,3}(?:\s?[.RF]\s?\d{1,5})*)(?![\d\w])/u.exec(
    said.trim(),
  );
  const product = (found?.groups?.['before'] ?? said).replace(/[\s/(,;:_-]+$/u, '').trim();
  const version = found?.groups?.['version']?.replaceAll(/\s?[RF.]\s?/gu, '.');
  return {
    ...(product === '' ? {} : { product: product.slice(0, 100) }),
    ...(version === undefined ? {} : { version }),
  };
}

/** What a connector's platform is: SIP says more than the control link, where it knows its version. */
export function productOfReport({ sip, cti }: Pick<PlatformReport, 'sip' | 'cti'>): Product {
  const said = [sip, cti].filter((text) => text !== undefined).map(productOf);
  return said.find(({ version }) => version !== undefined) ?? said[0] ?? {};
}

/** Below zero where `left` is older. Only as many numbers count as the shorter has: 10 is 10.3. */
export function compareVersions(left: string, right: string): number {
  const [ours, theirs] = [left, right].map((text) => text.split('.').map(Number));
  for (const [index, number] of (ours ?? []).entries()) {
    const other = theirs?.[index];
    if (other === undefined) break;
    if (number !== other) return number - other;
  }
  return 0;
}

/** Undefined where no range has this version. `today` is a day such as `2026-11-24`. */
export function supportOf(
  ranges: readonly VersionRange[],
  version: string,
  today: string,
): Support | undefined {
  const range = ranges.find(
    ({ from, below }) =>
      (from === undefined || compareVersions(version, from) >= 0) &&
      (below === undefined || compareVersions(version, below) < 0),
  );
  if (range?.support.is === 'deprecated' && today > range.support.until) return { is: 'unsupported' };
  return range?.support;
}

/** What administrators must be told of, before it matters. */
export type Finding =
  | { readonly kind: 'platform_unsupported'; readonly what: string }
  | { readonly kind: 'platform_deprecated'; readonly what: string; readonly until: string }
  | { readonly kind: 'version_too_old'; readonly what: string };

export type Reported = {
  kind: PlatformKind;
  /** Of the connector's program, such as `0.1.0` or `0.0.0-test`. */
  connectorVersion: string;
  platform?: Pick<PlatformReport, 'sip' | 'cti'> | undefined;
};

/** What of a connector's report the table does not, or will not, support. What cannot be told is no finding. */
export function findingsOf({ kind, connectorVersion, platform }: Reported, today: string): Finding[] {
  const findings: Finding[] = [];
  const own = /^\d+(?:\.\d+)*/u.exec(connectorVersion)?.[0];
  // A version of a test or of a developer is nobody's old installation.
  const isRelease = own === connectorVersion;
  if (own !== undefined && isRelease && supportOf(connectorSupport, own, today)?.is === 'unsupported') {
    findings.push({ kind: 'version_too_old', what: connectorVersion });
  }
  const { name, says, versions } = platformSupport[kind];
  for (const said of [platform?.sip, platform?.cti]) {
    if (said === undefined || says?.test(said) !== true) continue;
    const { version } = productOf(said);
    if (version === undefined) continue;
    const support = supportOf(versions, version, today);
    const what = `${name} ${version}`;
    if (support?.is === 'unsupported') findings.push({ kind: 'platform_unsupported', what });
    if (support?.is === 'deprecated')
      findings.push({ kind: 'platform_deprecated', what, until: support.until });
    break;
  }
  return findings;
}
