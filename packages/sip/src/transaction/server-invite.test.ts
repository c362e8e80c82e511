import { describe, expect, it } from 'vitest';
import { MachineRun, reliable, unreliable } from './machine.test-support.ts';
import { serverInviteDeadline, startServerInvite, stepServerInvite } from './server-invite.ts';

const tick = { kind: 'tick' } as const;
const again = { kind: 'request' } as const;
const ack = { kind: 'ack' } as const;
const respond = (status: number) => ({ kind: 'respond', status }) as const;

function run(timing = unreliable) {
  return new MachineRun(
    { state: startServerInvite(0), outputs: [] },
    { step: stepServerInvite, deadline: serverInviteDeadline, timing },
  );
}

describe('INVITE server transaction: proceeding', () => {
  it('[RFC3261-17.2.1] sends 100 by itself when the user has said nothing for 200 ms', () => {
    const machine = run();
    machine.until(199, tick);
    expect(machine.log).toEqual([]);
    machine.until(200, tick);
    expect(machine.log).toEqual(['200 send_trying']);
    machine.until(100_000, tick);
    expect(machine.log).toEqual(['200 send_trying']);
    expect(machine.state).toBe('proceeding');
  });

  it.each([100, 180, 200, 486])(
    '[RFC3261-17.2.1] sends no 100 of its own after %i from the user',
    (status) => {
      const machine = run();
      machine.until(199, tick);
      machine.feed(respond(status));
      machine.until(600, tick);
      expect(machine.log).not.toContain('200 send_trying');
      expect(machine.log[0]).toBe('199 send_response');
    },
  );

  it('[RFC3261-17.2.1] answers an INVITE that comes again before any response with 100, once', () => {
    const machine = run();
    machine.until(50, tick);
    expect(machine.feed(again)).toEqual(['send_trying']);
    expect(machine.feed(again)).toEqual(['retransmit_response']);
    machine.until(1_000, tick);
    expect(machine.log).toEqual(['50 send_trying', '50 retransmit_response']);
  });

  it('[RFC3261-17.2.1] sends provisional responses and answers a retransmitted INVITE with the last', () => {
    const machine = run();
    expect(machine.feed(respond(100))).toEqual(['send_response']);
    expect(machine.feed(again)).toEqual(['retransmit_response']);
    expect(machine.feed(respond(180))).toEqual(['send_response']);
    expect(machine.feed(ack)).toEqual([]);
    expect(machine.state).toBe('proceeding');
    expect(machine.deadline).toBeUndefined();
  });

  it('[RFC6026-7.1] a transport error is told to the user and changes nothing', () => {
    const machine = run();
    expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
    expect(machine.state).toBe('proceeding');
  });
});

describe('INVITE server transaction: completed and confirmed', () => {
  it('[RFC3261-17.2.1] timer G doubles up to T2 until timer H gives up waiting for the ACK', () => {
    const machine = run();
    expect(machine.feed(respond(486))).toEqual(['send_response']);
    machine.until(100_000, tick);
    expect(machine.log).toEqual([
      '0 send_response',
      '500 retransmit_response',
      '1500 retransmit_response',
      '3500 retransmit_response',
      '7500 retransmit_response',
      '11500 retransmit_response',
      '15500 retransmit_response',
      '19500 retransmit_response',
      '23500 retransmit_response',
      '27500 retransmit_response',
      '31500 retransmit_response',
      '32000 report_timeout',
    ]);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.2.1] timer G does not run on a reliable transport, timer H does', () => {
    const machine = run(reliable);
    machine.feed(respond(486));
    machine.until(100_000, tick);
    expect(machine.log).toEqual(['0 send_response', '32000 report_timeout']);
  });

  it('[RFC3261-17.2.1] a retransmitted INVITE gets the failure again; a second final response is discarded', () => {
    const machine = run();
    machine.feed(respond(486));
    expect(machine.feed(again)).toEqual(['retransmit_response']);
    expect(machine.feed(respond(200))).toEqual([]);
    expect(machine.state).toBe('completed');
  });

  it('[RFC3261-17.2.1] after the ACK timer I absorbs further ACKs and INVITEs for T4', () => {
    const machine = run();
    machine.feed(respond(486));
    machine.feed(ack);
    expect(machine.state).toBe('confirmed');
    expect(machine.feed(ack)).toEqual([]);
    expect(machine.feed(again)).toEqual([]);
    machine.until(4_999, tick);
    expect(machine.state).toBe('confirmed');
    machine.until(5_000, tick);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.2.1] timer I is zero on a reliable transport', () => {
    const machine = run(reliable);
    machine.feed(respond(486));
    machine.feed(ack);
    expect(machine.state).toBe('terminated');
  });
});

describe('INVITE server transaction: accepted', () => {
  it('[RFC6026-7.1] timer L absorbs retransmitted INVITEs for 64·T1, passes 2xx out and ACKs in', () => {
    const machine = run();
    expect(machine.feed(respond(200))).toEqual(['send_response']);
    expect(machine.state).toBe('accepted');
    expect(machine.feed(again)).toEqual([]);
    expect(machine.feed(respond(200))).toEqual(['send_response']);
    expect(machine.feed(respond(486))).toEqual([]);
    expect(machine.feed(ack)).toEqual(['deliver_ack']);
    expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
    machine.until(31_999, tick);
    expect(machine.state).toBe('accepted');
    machine.until(32_000, tick);
    expect(machine.state).toBe('terminated');
    expect(machine.feed(again)).toEqual([]);
  });
});
