import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Language } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { compareVersions, findingsOf, productOf, productOfReport, supportOf } from './check.ts';
import { withCompatibility } from './document.ts';
import { connectorSupport, platformSupport } from './table.ts';
import { noticeOf } from './words.ts';

describe('what a platform calls itself', () => {
  test.each([
    ['OpenScape Voice/V10R3.1', { product: 'OpenScape Voice', version: '10.3.1' }],
    ['OpenScape 4000 V8 R2.22', { product: 'OpenScape 4000', version: '8.2.22' }],
    ['OpenScape Business V3R3 (OSBiz)', { product: 'OpenScape Business', version: '3.3' }],
    ['HiPath 8000 V2.2', { product: 'HiPath 8000', version: '2.2' }],
    ['Kamailio (5.7.1 (x86_64/linux))', { product: 'Kamailio', version: '5.7.1' }],
    ['Asterisk PBX 20.5.0', { product: 'Asterisk PBX', version: '20.5.0' }],
    ['FreeSWITCH-mod_sofia/1.10.9-release', { product: 'FreeSWITCH-mod_sofia', version: '1.10.9' }],
    ['Offhook practice PBX', { product: 'Offhook practice PBX' }],
    ['', {}],
  ])('%s', (said, product) => {
    expect(productOf(said)).toEqual(product);
  });

  test('is what says its version, SIP before the control link', () => {
    expect(productOfReport({ sip: 'PBX', cti: 'OpenScape Voice 10' })).toEqual({
      product: 'OpenScape Voice',
      version: '10',
    });
    expect(productOfReport({ sip: 'PBX 1.2', cti: 'OpenScape Voice 10' })).toMatchObject({ product: 'PBX' });
    expect(productOfReport({})).toEqual({});
  });
});

describe('the table of versions', () => {
  test('versions are compared number by number', () => {
    expect(compareVersions('9.4', '10')).toBeLessThan(0);
    expect(compareVersions('10', '10.3')).toBe(0);
    expect(compareVersions('10.11', '10.3')).toBeGreaterThan(0);
  });

  test('after its last day a version is supported no more', () => {
    const ranges = [{ from: '9', support: { is: 'deprecated', until: '2027-12-31' } }] as const;
    expect(supportOf(ranges, '9.1', '2027-12-31')).toEqual({ is: 'deprecated', until: '2027-12-31' });
    expect(supportOf(ranges, '9.1', '2028-01-01')).toEqual({ is: 'unsupported' });
    expect(supportOf(ranges, '8', '2027-01-01')).toBeUndefined();
  });

  test.each([...Object.values(platformSupport).map(({ versions }) => versions), connectorSupport])(
    'ranges meet without a gap',
    (...ranges) => {
      for (const [index, { from }] of ranges.entries()) expect(from).toBe(ranges[index - 1]?.below);
      expect(ranges.at(-1)?.below).toBeUndefined();
    },
  );
});

const today = '2026-11-24';
const ofPlatform = (sip: string) =>
  findingsOf({ kind: 'openscape-voice', connectorVersion: '0.1.0', platform: { sip } }, today);
const ofConnector = (connectorVersion: string) =>
  findingsOf({ kind: 'generic-sip', connectorVersion }, today);

describe('a report', () => {
  test('of an old platform is a finding; of a current one, another or an unknown one it is none', () => {
    expect(ofPlatform('OpenScape Voice V8')).toEqual([
      { kind: 'platform_unsupported', what: 'OpenScape Voice 8' },
    ]);
    expect(ofPlatform('OpenScape Voice V9R4')).toEqual([
      { kind: 'platform_deprecated', what: 'OpenScape Voice 9.4', until: '2027-12-31' },
    ]);
    for (const fine of ['OpenScape Voice V10R1', 'Asterisk PBX 1.0', 'OpenScape Voice'])
      expect(ofPlatform(fine)).toEqual([]);
  });

  test('of an old connector is a finding, one that a developer runs is none', () => {
    expect(ofConnector('0.0.9')).toEqual([{ kind: 'version_too_old', what: '0.0.9' }]);
    expect(ofConnector('0.0.0-test')).toEqual([]);
    expect(ofConnector('0.1.0')).toEqual([]);
  });

  test.each(Language.options)('is told in %s, with the day as it is written there', (language) => {
    const notice = noticeOf({ kind: 'platform_deprecated', what: 'X 9', until: '2027-12-31' }, language);
    expect(notice).toMatch(/X 9.*31.*2027/u);
    expect(notice).not.toContain('2027-12-31');
  });
});

test('the table in the documentation is current (npm run docs:compatibility)', () => {
  const file = path.resolve(import.meta.dirname, '../../../../docs/platforms.md');
  const document = readFileSync(file, 'utf8');
  expect(document).toBe(withCompatibility(document));
});
