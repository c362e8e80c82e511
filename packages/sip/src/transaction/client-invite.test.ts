import { describe, expect, it } from 'vitest';
import { clientInviteDeadline, startClientInvite, stepClientInvite } from './client-invite.ts';
import { MachineRun, reliable, unreliable } from './machine.test-support.ts';

const tick = { kind: 'tick' } as const;
const response = (status: number) => ({ kind: 'response', status }) as const;

function run(timing = unreliable) {
  return new MachineRun(startClientInvite(timing, 0), {
    step: stepClientInvite,
    deadline: clientInviteDeadline,
    timing,
  });
}

describe('INVITE client transaction: calling', () => {
  it('[RFC3261-17.1.1.2] timer A doubles without a bound until timer B gives up at 64·T1', () => {
    const machine = run();
    machine.until(100_000, tick);
    expect(machine.log).toEqual([
      '0 send_request',
      '500 send_request',
      '1500 send_request',
      '3500 send_request',
      '7500 send_request',
      '15500 send_request',
      '31500 send_request',
      '32000 report_timeout',
    ]);
    expect(machine.state).toBe('terminated');
    expect(machine.deadline).toBeUndefined();
  });

  it('[RFC3261-17.1.1.2] timer A does not run on a reliable transport, timer B does', () => {
    const machine = run(reliable);
    machine.until(100_000, tick);
    expect(machine.log).toEqual(['0 send_request', '32000 report_timeout']);
  });

  it('timer B can be shortened for fail-over without touching timer A', () => {
    const machine = run({ ...unreliable, transactionTimeout: 3_700 });
    machine.until(100_000, tick);
    expect(machine.log).toEqual([
      '0 send_request',
      '500 send_request',
      '1500 send_request',
      '3500 send_request',
      '3700 report_timeout',
    ]);
  });

  it('[RFC3261-17.1.4] a transport error is told to the user and ends it', () => {
    const machine = run();
    expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.1.1.2] a tick before its time does nothing', () => {
    const machine = run();
    machine.now = 499;
    expect(machine.feed(tick)).toEqual([]);
    expect(machine.deadline).toBe(500);
  });
});

describe('INVITE client transaction: proceeding', () => {
  it('[RFC3261-17.1.1.2] a provisional response stops retransmission and has no timer', () => {
    const machine = run();
    expect(machine.feed(response(100))).toEqual(['deliver_response']);
    expect(machine.feed(response(180))).toEqual(['deliver_response']);
    expect(machine.state).toBe('proceeding');
    expect(machine.deadline).toBeUndefined();
    machine.until(1_000_000, tick);
    expect(machine.state).toBe('proceeding');
  });
});

describe('INVITE client transaction: completed', () => {
  it.each(['calling', 'proceeding'])(
    '[RFC3261-17.1.1.2] a failure in %s is acknowledged and delivered once; its retransmissions are acknowledged alone',
    (from) => {
      const machine = run();
      if (from === 'proceeding') machine.feed(response(180));
      expect(machine.feed(response(486))).toEqual(['send_ack', 'deliver_response']);
      expect(machine.state).toBe('completed');
      expect(machine.feed(response(486))).toEqual(['send_ack']);
      expect(machine.feed(response(200))).toEqual([]);
      expect(machine.feed(response(100))).toEqual([]);
    },
  );

  it('[RFC3261-17.1.1.2] timer D keeps it for at least 32 s on an unreliable transport', () => {
    const machine = run();
    machine.feed(response(486));
    machine.until(31_999, tick);
    expect(machine.state).toBe('completed');
    machine.until(32_000, tick);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.1.1.2] timer D is zero on a reliable transport', () => {
    const machine = run(reliable);
    expect(machine.feed(response(486))).toEqual(['send_ack', 'deliver_response']);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.1.1.2] an ACK that cannot be sent is told to the user and ends it', () => {
    const machine = run();
    machine.feed(response(486));
    expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
    expect(machine.state).toBe('terminated');
  });
});

describe('INVITE client transaction: accepted', () => {
  it.each([unreliable, reliable])(
    '[RFC6026-7.2] timer M lets every 2xx through for 64·T1 and nothing else (%o)',
    (timing) => {
      const machine = run(timing);
      expect(machine.feed(response(200))).toEqual(['deliver_response']);
      expect(machine.state).toBe('accepted');
      expect(machine.feed(response(200))).toEqual(['deliver_response']);
      expect(machine.feed(response(180))).toEqual([]);
      expect(machine.feed(response(486))).toEqual([]);
      machine.until(31_999, tick);
      expect(machine.feed(response(299))).toEqual(['deliver_response']);
      machine.until(32_000, tick);
      expect(machine.state).toBe('terminated');
      expect(machine.feed(response(200))).toEqual([]);
    },
  );
});
