import { describe, expect, it } from 'vitest';
import { clientNonInviteDeadline, startClientNonInvite, stepClientNonInvite } from './client-non-invite.ts';
import { MachineRun, reliable, unreliable } from './machine.test-support.ts';

const tick = { kind: 'tick' } as const;
const response = (status: number) => ({ kind: 'response', status }) as const;

function run(timing = unreliable) {
  return new MachineRun(startClientNonInvite(timing, 0), {
    step: stepClientNonInvite,
    deadline: clientNonInviteDeadline,
    timing,
  });
}

describe('non-INVITE client transaction', () => {
  it('[RFC3261-17.1.2.2] timer E doubles up to T2 until timer F gives up at 64·T1', () => {
    const machine = run();
    machine.until(100_000, tick);
    expect(machine.log).toEqual([
      '0 send_request',
      '500 send_request',
      '1500 send_request',
      '3500 send_request',
      '7500 send_request',
      '11500 send_request',
      '15500 send_request',
      '19500 send_request',
      '23500 send_request',
      '27500 send_request',
      '31500 send_request',
      '32000 report_timeout',
    ]);
    expect(machine.state).toBe('terminated');
  });

  it('[RFC3261-17.1.2.2] timer E does not run on a reliable transport, timer F does', () => {
    const machine = run(reliable);
    machine.until(100_000, tick);
    expect(machine.log).toEqual(['0 send_request', '32000 report_timeout']);
  });

  it('[RFC3261-17.1.2.2] in proceeding timer E is T2, and timer F still runs', () => {
    const machine = run();
    machine.now = 100;
    expect(machine.feed(response(100))).toEqual(['deliver_response']);
    expect(machine.state).toBe('proceeding');
    machine.until(100_000, tick);
    expect(machine.log.slice(1)).toEqual([
      '100 deliver_response',
      '500 send_request',
      '4500 send_request',
      '8500 send_request',
      '12500 send_request',
      '16500 send_request',
      '20500 send_request',
      '24500 send_request',
      '28500 send_request',
      '32000 report_timeout',
    ]);
  });

  it.each(['trying', 'proceeding'])(
    '[RFC3261-17.1.2.2] a final response in %s is delivered once; timer K absorbs its retransmissions for T4',
    (from) => {
      const machine = run();
      if (from === 'proceeding') machine.feed(response(100));
      expect(machine.feed(response(404))).toEqual(['deliver_response']);
      expect(machine.state).toBe('completed');
      expect(machine.feed(response(404))).toEqual([]);
      machine.until(4_999, tick);
      expect(machine.state).toBe('completed');
      machine.until(5_000, tick);
      expect(machine.state).toBe('terminated');
    },
  );

  it('[RFC3261-17.1.2.2] timer K is zero on a reliable transport', () => {
    const machine = run(reliable);
    expect(machine.feed(response(200))).toEqual(['deliver_response']);
    expect(machine.state).toBe('terminated');
  });

  it.each(['trying', 'proceeding'])(
    '[RFC3261-17.1.4] a transport error in %s is told to the user and ends it',
    (from) => {
      const machine = run();
      if (from === 'proceeding') machine.feed(response(100));
      expect(machine.feed({ kind: 'transport_error' })).toEqual(['report_transport_error']);
      expect(machine.state).toBe('terminated');
      expect(machine.feed(response(200))).toEqual([]);
    },
  );
});
