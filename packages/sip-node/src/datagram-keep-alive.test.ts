import { describe, expect, it } from 'vitest';
import {
  DatagramKeepAlive,
  defaultDatagramKeepAlive,
  type DatagramKeepAliveOptions,
} from './datagram-keep-alive.ts';
import { bindingAnswer, readStun } from './stun/message.ts';
import type { Place } from './transport.ts';

const options = { ...defaultDatagramKeepAlive, everyMs: 25_000, forgetMs: 3_600_000, peers: 2 };
const register = Buffer.from('REGISTER sip:pbx.example SIP/2.0\r\n');
const place = (host: number): Place => ({ address: `192.0.2.${host}`, port: 5_060 });
const [a, b, c] = [place(1), place(2), place(3)];

/** The longest of the intervals, and transaction ids that are told apart. */
function create(more: Partial<DatagramKeepAliveOptions> = {}, fraction = 1): DatagramKeepAlive {
  let last = 0;
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill((last += 1));
  return new DatagramKeepAlive({ ...options, ...more }, { bytes, fraction: () => fraction });
}

/** Everything that happens until a time, with the answers of a registrar. */
function run(
  keepAlive: DatagramKeepAlive,
  until: number,
  answer: (request: Uint8Array, now: number) => Buffer | undefined = () => undefined,
): string[] {
  const said: string[] = [];
  for (let now = keepAlive.deadline(); now !== undefined && now <= until; now = keepAlive.deadline()) {
    const actions = [...keepAlive.due(now)];
    for (const action of actions) {
      if (action.kind === 'failed') said.push(`${now} ${action.place.address} failed`);
      else {
        said.push(`${now} ${action.place.address}`);
        const message = readStun(answer(action.bytes, now) ?? Buffer.alloc(0));
        if (message !== undefined && message.kind !== 'request') {
          actions.push(...keepAlive.answered(action.place, message));
        }
      }
    }
  }
  return said;
}

const failures = (said: readonly string[]) => said.filter((line) => line.endsWith('failed'));

/** Sees us at a port. */
const seenAt =
  (port: (now: number) => number) =>
  (bytes: Uint8Array, now: number): Buffer | undefined => {
    const request = readStun(bytes);
    return request?.kind === 'request'
      ? bindingAnswer(request, { address: '203.0.113.9', port: port(now) })
      : undefined;
  };

describe('keep-alive over UDP', () => {
  it('[RFC5626-3.5] begins where we register, and nowhere else', () => {
    const keepAlive = create();
    expect(keepAlive.sent(a, Buffer.from('INVITE sip:b SIP/2.0\r\n'), 0)).toBe(false);
    expect(keepAlive.sent(a, Buffer.from('REG'), 0)).toBe(false);
    expect(keepAlive.deadline()).toBeUndefined();
    expect(keepAlive.sent(a, register, 0)).toBe(true);
    expect(keepAlive.deadline()).toBe(25_000);
  });

  it('[RFC5626-4.4] of the interval 80 to 100 % are drawn', () => {
    const keepAlive = create({}, 0);
    keepAlive.sent(a, register, 0);
    expect(run(keepAlive, 60_000)).toEqual([20_000, 40_000, 60_000].map((at) => `${at} ${a.address}`));
  });

  it('pings each registrar at its interval until no registration has been sent for long', () => {
    const keepAlive = create({ forgetMs: 60_000 });
    keepAlive.sent(a, register, 0);
    keepAlive.sent(b, register, 10_000);
    keepAlive.sent(b, register, 50_000);
    expect(run(keepAlive, 1e9)).toEqual([
      `25000 ${a.address}`,
      `35000 ${b.address}`,
      `50000 ${a.address}`,
      `60000 ${b.address}`,
      `85000 ${b.address}`,
    ]);
  });

  it('is bounded, and tells', () => {
    let full = 0;
    const chance = { bytes: (length: number) => new Uint8Array(length), fraction: () => 1 };
    const keepAlive = new DatagramKeepAlive(options, chance, () => (full += 1));
    expect([a, b, c, a].map((one) => keepAlive.sent(one, register, 0))).toEqual([true, true, false, false]);
    expect(full).toBe(1);
  });
});

describe('keep-alive with STUN', () => {
  const stun = { method: 'stun', expectAnswer: 'always' } as const;
  const flow = (more: Partial<DatagramKeepAliveOptions> = {}): DatagramKeepAlive => {
    const keepAlive = create({ ...stun, ...more });
    keepAlive.sent(a, register, 0);
    return keepAlive;
  };

  it('[RFC5626-4.4.2] an answer with the same address each time keeps the flow', () => {
    const said = run(
      flow(),
      100_000,
      seenAt(() => 4_711),
    );
    expect(said).toEqual([25_000, 50_000, 75_000, 100_000].map((at) => `${at} ${a.address}`));
  });

  it('[RFC5626-4.4.2] without an answer to seven requests the flow has failed, and rests until a REGISTER', () => {
    const keepAlive = flow();
    const said = run(keepAlive, 1_000_000);
    expect(said).toHaveLength(8);
    expect(said.at(-1)).toBe(`64500 ${a.address} failed`);
    expect(keepAlive.sent(a, register, 2_000_000)).toBe(true);
    expect(keepAlive.deadline()).toBe(2_025_000);
    expect(failures(run(keepAlive, 2_100_000))).toHaveLength(1);
  });

  it('[RFC5626-4.4.2] an answer that shows another address of ours is a failed flow', () => {
    const keepAlive = flow();
    const said = run(
      keepAlive,
      300_000,
      seenAt((now) => (now < 60_000 ? 4_711 : 4_712)),
    );
    expect(said.at(-1)).toBe(`75000 ${a.address} failed`);
    keepAlive.sent(a, register, 300_000);
    const after = run(
      keepAlive,
      400_000,
      seenAt(() => 4_713),
    );
    expect(failures(after)).toEqual([]);
    expect(after).toHaveLength(4);
  });

  it('[RFC5626-4.4.2] an error is a failed flow', () => {
    const said = run(flow(), 300_000, (bytes) => {
      const request = readStun(bytes);
      if (request?.kind !== 'request') return undefined;
      return bindingAnswer({ ...request, unknown: [0x24] }, a);
    });
    expect(said).toEqual([`25000 ${a.address}`, `25000 ${a.address} failed`]);
  });

  it('an answer to the repetition is one', () => {
    const said = run(flow(), 100_000, (bytes, now) =>
      now % 25_000 === 0 ? undefined : seenAt(() => 4_711)(bytes, now),
    );
    expect(said.slice(0, 4)).toEqual([25_000, 25_500, 50_000, 50_500].map((at) => `${at} ${a.address}`));
    expect(failures(said)).toEqual([]);
  });

  it('with `once_seen` only a registrar that has answered before fails', () => {
    const deaf = flow({ expectAnswer: 'once_seen' });
    expect(failures(run(deaf, 600_000))).toEqual([]);
    const tired = flow({ expectAnswer: 'once_seen' });
    const said = run(tired, 600_000, (bytes, now) =>
      now < 60_000 ? seenAt(() => 4_711)(bytes, now) : undefined,
    );
    expect(failures(said)).toEqual([`114500 ${a.address} failed`]);
  });

  it('[RFC8489-6.3] answers of others, late ones and forged ones count for nothing', () => {
    const keepAlive = flow();
    const answers: Buffer[] = [];
    const answer = seenAt(() => 4_711);
    run(keepAlive, 25_000, (bytes, now) => {
      answers.push(answer(bytes, now) ?? Buffer.alloc(0));
      return undefined;
    });
    const message = readStun(answers[0] ?? Buffer.alloc(0));
    if (message?.kind !== 'success') throw new Error('no answer');
    expect(keepAlive.answered(b, message)).toEqual([]);
    expect(keepAlive.answered({ ...a, port: 5_061 }, message)).toEqual([]);
    const forged = { ...message, transactionId: Buffer.alloc(12) };
    expect(keepAlive.answered(a, forged)).toEqual([]);
    // It waits on for the right one.
    expect(keepAlive.deadline()).toBe(25_500);
    expect(keepAlive.answered(a, message)).toEqual([]);
    expect(keepAlive.deadline()).toBe(50_000);
    const moved = { ...message, mapped: { address: '203.0.113.9', port: 1 } };
    expect(keepAlive.answered(a, moved)).toEqual([]);
  });
});
