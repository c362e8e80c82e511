import type { DialCodes, KeptSettings } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { id } from '../../testing/ids.ts';
import type { Admitted } from '../platform.ts';
import { admit } from './admit.ts';
import { listenNumberOf, mailboxOf } from './codes.ts';
import { ALL_CODES } from './exchange.test-support.ts';

const line = {
  lineId: id.line('line-anna'),
  userId: id.user('anna'),
  number: '101',
  displayName: 'Anna',
  authUser: '101',
  password: 'secret',
  kept: {},
};
const MAILBOX: DialCodes = { voicemail: '500' };
const to = (number: string) => ({ to: 'number', number }) as const;

const decide = (
  kept: KeptSettings,
  {
    talking = false,
    alone = true,
    codes = MAILBOX,
  }: { talking?: boolean; alone?: boolean; codes?: DialCodes } = {},
): Admitted => admit({ line, codes, kept, alone, alternativeAfterSeconds: 10 }, { talking, number: '200' });

const RING = { kind: 'ring' } as const;

describe('an INVITE where the connector is the only device', () => {
  test.each<[string, KeptSettings, boolean, Admitted]>([
    ['rings', {}, false, RING],
    ['is forwarded', { forwarding: { immediate: to('203') } }, false, { kind: 'redirect', to: '203' }],
    [
      'is forwarded to the mailbox, before anything else',
      { forwarding: { immediate: { to: 'voicemail' } }, doNotDisturb: true },
      false,
      { kind: 'redirect', to: '500' },
    ],
    ['is refused by do-not-disturb', { doNotDisturb: true }, false, { kind: 'refuse', status: 486 }],
    ['is not forwarded on busy to who is free', { forwarding: { busy: to('203') } }, false, RING],
    ['is forwarded on busy', { forwarding: { busy: to('203') } }, true, { kind: 'redirect', to: '203' }],
    ['waits as a second call', { busyBehaviour: 'second_call' }, true, RING],
    ['is refused on busy', { busyBehaviour: 'busy' }, true, { kind: 'refuse', status: 486 }],
    [
      'goes to the alternative number on busy',
      { busyBehaviour: 'alternative', alternativeNumber: '0049' },
      true,
      { kind: 'redirect', to: '0049' },
    ],
    ['rings on busy where there is no alternative number', { busyBehaviour: 'alternative' }, true, RING],
    ['goes to the mailbox on busy', { busyBehaviour: 'voicemail' }, true, { kind: 'redirect', to: '500' }],
    [
      'goes to the alternative number only',
      { routing: 'alternative_only', alternativeNumber: '0049' },
      false,
      { kind: 'redirect', to: '0049' },
    ],
    [
      'goes to the alternative number after the clients',
      { alternativeNumber: '0049' },
      false,
      { kind: 'ring', forward: { afterSeconds: 10, to: '0049' } },
    ],
    [
      'is forwarded when nobody answers',
      { forwarding: { noAnswer: to('203') }, alternativeNumber: '0049' },
      false,
      { kind: 'ring', forward: { afterSeconds: 20, to: '203' } },
    ],
  ])('%s', (_what, kept, talking, admitted) => {
    expect(decide(kept, { talking })).toEqual(admitted);
  });
});

describe('an INVITE beside a desk phone', () => {
  test('is left to the desk phone where the user wants that', () => {
    expect(decide({ routing: 'desk_only' }, { alone: false })).toEqual({ kind: 'refuse', status: 480 });
  });

  test('is not forwarded by one device alone', () => {
    const kept: KeptSettings = {
      forwarding: { immediate: to('203') },
      doNotDisturb: true,
      alternativeNumber: '0049',
    };
    expect(decide(kept, { alone: false, talking: true })).toEqual(RING);
  });
});

test('what the PBX does itself, by a code, is not done twice', () => {
  const kept: KeptSettings = { forwarding: { immediate: to('203'), busy: to('203') }, doNotDisturb: true };
  expect(decide(kept, { codes: ALL_CODES, talking: true })).toEqual(RING);
});

test('a mailbox of the user’s own goes before the platform’s codes', () => {
  const own = { ...line, voicemailNumber: '599' };
  const all: DialCodes = { voicemail: '*98', voicemailTarget: '*97{number}' };
  expect([mailboxOf(all, own), listenNumberOf(all, own)]).toEqual(['599', '599']);
  expect([mailboxOf(all, line), listenNumberOf(all, line)]).toEqual(['*97101', '*98']);
  expect([mailboxOf({}, own), listenNumberOf({}, own)]).toEqual(['599', '599']);
  expect([mailboxOf({}, line), listenNumberOf({}, line)]).toEqual([undefined, undefined]);
  const busy = { busyBehaviour: 'voicemail' } as const;
  const situation = { talking: true, number: '200' };
  const place = { line: own, codes: all, kept: busy, alone: true, alternativeAfterSeconds: 10 };
  expect(admit(place, situation)).toEqual({ kind: 'redirect', to: '599' });
});
