import type { EndpointEvent, SessionId, SipResponse } from '@offhook/sip';
import { describe, expect, test } from 'vitest';
import { OwnDialogs } from './own-dialogs.ts';

const session = 1 as SessionId;
const response: SipResponse = {
  kind: 'response',
  status: 180,
  reason: 'Ringing',
  headers: [{ name: 'call-id', value: 'ours' }],
  body: new Uint8Array(),
};
const ringing: EndpointEvent = {
  type: 'session.progress',
  session,
  response,
  reliable: false,
  needsAnswer: false,
};
const accepted: EndpointEvent = {
  type: 'session.accepted',
  session,
  response,
  info: { callId: 'ours', localUri: '', remoteUri: '' },
  needsAnswer: false,
};
const ended: EndpointEvent = { type: 'session.ended', session, end: { by: 'remote' } };

describe('the Call-IDs of our own sessions', () => {
  test('are known from the first answer on', () => {
    const own = new OwnDialogs();
    expect(own.has('ours', 0)).toBe(false);
    own.note(ringing, 0);
    expect(own.has('ours', 0)).toBe(true);
  });

  test('are ours a little longer than the call, for what the PBX tells late', () => {
    const own = new OwnDialogs();
    for (const event of [ringing, accepted, ended]) own.note(event, 1_000);
    expect(own.has('ours', 5_999)).toBe(true);
    expect(own.has('ours', 6_000)).toBe(false);
  });

  test('are not ours any more where another branch of the same call was answered', () => {
    const own = new OwnDialogs();
    for (const event of [ringing, ended]) own.note(event, 1_000);
    expect(own.has('ours', 1_000)).toBe(false);
    expect(own.hasLeft('ours', 1_000)).toBe(true);
  });

  test('are ours again where the call comes back with the same Call-ID', () => {
    const own = new OwnDialogs();
    for (const event of [ringing, ended, ringing]) own.note(event, 1_000);
    expect(own.has('ours', 1_000)).toBe(true);
    expect(own.hasLeft('ours', 1_000)).toBe(false);
  });
});
