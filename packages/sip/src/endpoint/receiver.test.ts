import { describe, expect, it } from 'vitest';
import { TimerQueue } from '../timing/timer-queue.ts';
import type { Flow } from './api.ts';
import { Receiver } from './receiver.ts';

const OPTIONS = [
  'OPTIONS sip:bob@192.0.2.1 SIP/2.0',
  'Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK1',
  'From: <sip:a@192.0.2.2>;tag=1',
  'To: <sip:bob@192.0.2.1>',
  'Call-ID: 1',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

const flow = (connectionId: string): Flow => ({
  transport: 'tcp',
  address: '192.0.2.2',
  port: 40_000,
  localAddress: '192.0.2.1',
  localPort: 5_060,
  connectionId,
});

function create(streams = 10) {
  const timers = new TimerQueue();
  const said: string[] = [];
  const receiver = new Receiver(
    {
      onMessage: (_message, { connectionId }) => said.push(`message ${connectionId}`),
      onFault: () => said.push('fault'),
      onPing: () => said.push('ping'),
      onBroken: ({ connectionId }, why) => said.push(`${why} ${connectionId}`),
    },
    { streams, messageTimeout: 30_000, timers },
  );
  return {
    timers,
    said,
    receiver,
    /** Time passes before each piece. */
    push: (text: string, now: number, id = 'c1') => {
      timers.fire(now);
      receiver.receive(flow(id), new TextEncoder().encode(text), now);
    },
  };
}

describe('pings', () => {
  it('[RFC5626-3.5.1] that come at once are answered once, however many they are', () => {
    const { receiver, said } = create();
    receiver.receive(flow('c1'), Buffer.from('\r\n'.repeat(10_000)), 0);
    expect(said).toEqual(['ping']);
    receiver.receive(flow('c1'), Buffer.from(`\r\n\r\n${OPTIONS}\r\n\r\n`), 0);
    expect(said).toEqual(['ping', 'message c1', 'ping']);
  });
});

describe('the time for a message on a stream', () => {
  it('is over for a peer that sends an octet per second', () => {
    const { said, push, timers } = create();
    let now = 0;
    for (const octet of OPTIONS) {
      if (said.length > 0) break;
      push(octet, (now += 1_000));
    }
    expect([said, now]).toEqual([['message_time c1'], 31_000]);
    expect(timers.size).toBe(1);
  });

  it('runs from its first octet: messages that are whole in time may follow one another for ever', () => {
    const { said, push } = create();
    const half = OPTIONS.length / 2;
    push(OPTIONS.slice(0, half), 0);
    for (let now = 20_000; now <= 200_000; now += 20_000) {
      push(OPTIONS.slice(half) + OPTIONS.slice(0, half), now);
    }
    expect(said).toEqual(Array(10).fill('message c1'));
  });

  it('is not wanted between messages, and leaves no timer', () => {
    const { said, push, timers } = create();
    push(OPTIONS.slice(0, 10), 0);
    expect(timers.size).toBe(1);
    push(OPTIONS.slice(10), 29_999);
    expect(timers.size).toBe(0);
    push('\r\n\r\n', 1e9);
    push(OPTIONS, 2e9);
    expect([said, timers.size]).toEqual([['message c1', 'ping', 'message c1'], 0]);
  });

  it('ends with the stream', () => {
    const { said, push, receiver, timers } = create();
    push(OPTIONS.slice(0, 10), 0);
    receiver.closed(flow('c1'));
    expect(timers.size).toBe(0);
    push('no SIP\r\n\r\n', 1);
    expect([said, timers.size]).toEqual([['fault', 'unreadable c1'], 0]);
  });

  it('frees its place among the streams', () => {
    const { said, push } = create(1);
    push(OPTIONS.slice(0, 10), 0, 'slow');
    push(OPTIONS, 1, 'other');
    push(OPTIONS, 30_000, 'third');
    expect(said).toEqual(['streams other', 'message_time slow', 'message third']);
  });
});
