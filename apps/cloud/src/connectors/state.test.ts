import { ApiKeyId, ConnectorId } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import type { LinkStatus } from '../bus/topics.ts';
import { stateOf, type Known } from './state.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const facts = (
  changes: Partial<LinkStatus> = {},
  status: Partial<LinkStatus['status']> = {},
): LinkStatus => ({
  version: '0.1.0',
  since: now - 3_600_000,
  address: '192.0.2.7',
  canDrain: true,
  keyId: ApiKeyId.parse('key_1'),
  status: { lines: 3, registered: 3, calls: 1, spooledRecords: 0, ...status },
  ...changes,
});
const known = (changes: Partial<Known> = {}): Known => ({
  connectorId: ConnectorId.parse('con_1'),
  name: 'Office',
  kind: 'openscape-voice',
  draining: false,
  live: undefined,
  seen: undefined,
  ...changes,
});
const troubles = (changes: Partial<Known>) => stateOf(known(changes), now).trouble;

describe('the state of a connector', () => {
  test('that has never connected', () => {
    expect(stateOf(known(), now)).toEqual({
      connectorId: 'con_1',
      name: 'Office',
      online: false,
      draining: false,
      trouble: [{ kind: 'never_connected' }],
    });
  });

  test('that is online with all that it knows has no trouble', () => {
    const live = facts(
      { control: { state: 'up' } },
      { platform: { reached: true, sip: 'OpenScape Voice/V10R3', cti: 'Unify' } },
    );
    expect(stateOf(known({ live }), now)).toEqual({
      connectorId: 'con_1',
      name: 'Office',
      online: true,
      since: live.since,
      version: '0.1.0',
      address: '192.0.2.7',
      platform: { product: 'OpenScape Voice', version: '10.3', reached: true, cti: 'up' },
      lines: 3,
      registered: 3,
      calls: 1,
      draining: false,
      trouble: [],
    });
  });

  test('that is offline says since when and what was wrong last, and has no numbers', () => {
    const seen = { facts: facts({}, { registered: 0, reason: 'It does not answer.' }), at: now - 1_000 };
    const state = stateOf(known({ seen }), now);
    expect(state).toMatchObject({ online: false, since: now - 1_000, version: '0.1.0' });
    expect(state.lines).toBeUndefined();
    expect(state.trouble).toEqual([{ kind: 'offline', detail: 'It does not answer.' }]);
  });

  test.each<[string, LinkStatus, object[]]>([
    [
      'the platform does not answer',
      facts({}, { registered: 0, reason: 'No answer.', platform: { reached: false } }),
      [{ kind: 'platform_unreachable', detail: 'No answer.' }],
    ],
    [
      'lines are refused',
      facts({}, { registered: 1, refused: 2, reason: 'Wrong password.', platform: { reached: true } }),
      [{ kind: 'lines_refused', detail: '2: Wrong password.' }],
    ],
    [
      'lines are on their way for too long',
      facts({}, { registered: 1 }),
      [{ kind: 'lines_not_registered', detail: '2' }],
    ],
    ['lines are on their way', facts({ since: now - 10_000 }, { registered: 1 }), []],
    [
      'the control link is down',
      facts({ control: { state: 'down', reason: 'Refused.' } }),
      [{ kind: 'cti_down', detail: 'Refused.' }],
    ],
    [
      'the platform is old',
      facts({}, { platform: { reached: true, cti: 'OpenScape Voice V9' } }),
      [{ kind: 'platform_deprecated', detail: 'OpenScape Voice 9 · 2027-12-31' }],
    ],
    [
      'the platform is too old',
      facts({}, { platform: { reached: true, sip: 'OpenScape Voice V8' } }),
      [{ kind: 'platform_unsupported', detail: 'OpenScape Voice 8' }],
    ],
    ['the connector is too old', facts({ version: '0.0.1' }), [{ kind: 'version_too_old', detail: '0.0.1' }]],
    [
      'its key ends',
      facts({ keyExpiresAt: now + 60_000 }),
      [{ kind: 'key_expiring', detail: '2026-11-24T12:01:00.000Z' }],
    ],
  ])('trouble: %s', (_title, live, expected) => {
    expect(troubles({ live })).toEqual(expected);
  });

  test('draining is the wish of administrators, as far as the connector understands it', () => {
    const lives = [undefined, facts(), facts({ canDrain: false })];
    expect(lives.map((live) => stateOf(known({ draining: true, live }), now).draining)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
