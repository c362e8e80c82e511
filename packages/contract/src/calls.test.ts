import { describe, expect, it } from 'vitest';
import { callForClient, Call, DtmfDigits, EndCause, type LinkCall } from './calls.ts';
import { CallId, ClientId, CorrelationId } from './ids.ts';
import { Limits } from './limits.ts';

const mine = ClientId.parse('window-1');
const other = ClientId.parse('window-2');

function ringing(ownerClientId?: ClientId): LinkCall {
  return {
    callId: CallId.parse('call-1'),
    correlationId: CorrelationId.parse('click-1'),
    direction: 'incoming',
    remote: { number: '201', name: 'Carla Duval' },
    state: { name: 'ringing' },
    startedAt: 1,
    muted: false,
    media: 'none',
    permitted: { owner: ['hangUp', 'mute'], others: ['answer', 'reject'] },
    rings: ['clients'],
    position: ownerClientId === undefined ? { at: 'nowhere' } : { at: 'client', clientId: ownerClientId },
  };
}

describe('a call as one client sees it', () => {
  it('is nowhere while it rings, and every client may answer', () => {
    const call = callForClient(ringing(), mine);
    expect(call.position).toBe('nowhere');
    expect(call.permitted).toEqual(['answer', 'reject']);
  });

  it('gives the owner its services and everybody else the others', () => {
    expect(callForClient(ringing(mine), mine)).toMatchObject({
      position: 'here',
      permitted: ['hangUp', 'mute'],
    });
    expect(callForClient(ringing(mine), other)).toMatchObject({
      position: 'other_client',
      permitted: ['answer', 'reject'],
    });
  });

  it('tells no client the id of another', () => {
    const call = callForClient(ringing(mine), other);
    expect(JSON.stringify(call)).not.toContain(mine);
    expect(Call.strict().parse(call)).toEqual(call);
  });
});

/** The causes of protocol version 2, which stand in records of that time. */
const STORED =
  'completed cancelled busy rejected declined no_answer unknown_number unreachable not_permitted answered_elsewhere ' +
  'transferred deflected parked media_failed client_lost connector_lost pbx_unreachable failed';

describe('why a call ended', () => {
  it('is still read as it was ever stored', () => {
    expect(STORED.split(' ').filter((cause) => !EndCause.safeParse(cause).success)).toEqual([]);
  });

  it('says of a call that went up in a conference that it was joined, not that it was handed over', () => {
    expect(EndCause.parse('joined')).toBe('joined');
  });
});

describe('bounds of what a peer may send', () => {
  it('takes the sixteen DTMF digits and nothing else', () => {
    expect(DtmfDigits.safeParse('0123456789*#ABCD').success).toBe(true);
    for (const wrong of ['', '5x', ' ', '1'.repeat(Limits.dtmfDigits + 1)]) {
      expect(DtmfDigits.safeParse(wrong).success).toBe(false);
    }
  });

  it('refuses ids that could break a log line or a path', () => {
    for (const wrong of ['', 'a b', '../x', 'a\nb', 'x'.repeat(65)]) {
      expect(CallId.safeParse(wrong).success).toBe(false);
    }
  });
});
