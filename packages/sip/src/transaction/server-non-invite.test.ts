import { describe, expect, it } from 'vitest';
import { MachineRun, reliable, unreliable } from './machine.test-support.ts';
import { serverNonInviteDeadline, startServerNonInvite, stepServerNonInvite } from './server-non-invite.ts';

const tick = { kind: 'tick' } as const;
const again = { kind: 'request' } as const;
const respond = (status: number) => ({ kind: 'respond', status }) as const;

function run(timing = unreliable) {
  return new MachineRun(
    { state: startServerNonInvite(timing, 0), outputs: [] },
    { step: stepServerNonInvite, deadline: serverNonInviteDeadline, timing },
  );
}

describe('non-INVITE server transaction', () => {
  it('[RFC3261-17.2.2] absorbs a retransmission in trying, where nothing was answered yet', () => {
    const machine = run();
    expect(machine.feed(again)).toEqual([]);
    expect(machine.state).toBe('trying');
  });

  it('[RFC3261-17.2.2] answers a retransmission in proceeding with the last provisional response', () => {
    const machine = run();
    expect(machine.feed(respond(100))).toEqual(['send_response']);
    expect(machine.state).toBe('proceeding');
    expect(machine.feed(again)).toEqual(['retransmit_response']);
    expect(machine.feed(respond(182))).toEqual(['send_response']);
    expect(machine.state).toBe('proceeding');
  });

  it.each(['trying', 'proceeding'])(
    '[RFC3261-17.2.2] a final response in %s completes it; timer J answers retransmissions for 64·T1',
    (from) => {
      const machine = run();
      if (from === 'proceeding') machine.feed(respond(100));
      expect(machine.feed(respond(200))).toEqual(['send_response']);
      expect(machine.state).toBe('completed');
      expect(machine.feed(again)).toEqual(['retransmit_response']);
      expect(machine.feed(respond(500))).toEqual([]);
      machine.until(31_999, tick);
      expect(machine.state).toBe('completed');
      machine.until(32_000, tick);
      expect(machine.state).toBe('terminated');
    },
  );

  it('[RFC3261-17.2.2] timer J is zero on a reliable transport', () => {
    const machine = run(reliable);
    expect(machine.feed(respond(200))).toEqual(['send_response']);
    expect(machine.state).toBe('terminated');
  });

  it.each(['trying', 'proceeding'])(
    '[RFC4320-4.2] what is unanswered in %s after 64·T1 is abandoned: no response would be in time',
    (from) => {
      const machine = run();
      if (from === 'proceeding') machine.feed(respond(100));
      machine.until(31_999, tick);
      expect(machine.state).toBe(from);
      machine.until(32_000, tick);
      expect(machine.log.at(-1)).toBe('32000 report_abandoned');
      expect(machine.state).toBe('terminated');
      expect(machine.feed(respond(200))).toEqual([]);
    },
  );

  it('a transport error is told to the user; the retransmitted request finds its response again', () => {
    const machine = run();
    machine.feed(respond(200));
    expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
    expect(machine.feed(again)).toEqual(['retransmit_response']);
  });

  it('an ACK, which no such request has, changes nothing', () => {
    const machine = run();
    expect(machine.feed({ kind: 'ack' })).toEqual([]);
    expect(machine.state).toBe('trying');
  });
});
