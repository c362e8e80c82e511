import { dominantFrequency, toneLevelDbfs } from '@offhook/audio';
import { audioCapabilities } from '@offhook/sdp';
import { afterEach, describe, expect, it } from 'vitest';
import type { LegId } from '../switch/model.ts';
import { VoiceLeg } from './leg.ts';
import { readBody } from './negotiation.ts';
import { Pacer } from './pacer.ts';
import { Party } from './party.ts';
import { RtpPorts, randomStreamStart } from './ports.ts';
import { loadRecordings } from './recordings.ts';
import { toneSource } from './source.ts';
import { VoiceRoom } from './voice-room.ts';

const ports = new RtpPorts('127.0.0.1', '127.0.0.1', { first: 40_000, last: 49_998 });
const pacer = new Pacer();
const room = new VoiceRoom({
  ports,
  pacer,
  recordings: loadRecordings(),
  voicemail: undefined,
  wallClock: () => 0,
  events: { onPlayed: () => undefined, onDigits: () => undefined, onSilent: () => undefined },
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  if (ports.size > 0) throw new Error('a port is left over');
});

const deaf = (): void => undefined;

/** A device of one codec that hums and keeps what it hears. */
interface Device {
  readonly id: LegId;
  /** Resolves with the next half second that it hears. */
  listen(): Promise<{ readonly samples: Int16Array; readonly rate: number }>;
}

async function device(number: number, codec: 'G722' | 'PCMA' | 'PCMU', hertz: number): Promise<Device> {
  const id = number as LegId;
  const voice = await new Promise<Parameters<Parameters<VoiceRoom['open']>[1]>[0]>((resolve) => {
    room.open(id, resolve);
  });
  const port = await ports.open();
  if (voice === undefined || port === undefined) throw new Error('no port');
  const capabilities = audioCapabilities([codec]);
  const ours = new Party({ address: port.address, port: port.port, sessionId: '1' });
  const theirs = new Party(voice);
  const offer = readBody(ours.offer(capabilities));
  const answer = 'kind' in offer ? undefined : theirs.answer(offer, capabilities);
  const agreed = answer && ours.settle(answer.body);
  if (answer === undefined || agreed === undefined) throw new Error('nothing agreed');
  room.agree(id, answer.voice);
  const leg = new VoiceLeg(randomStreamStart());
  leg.agree(agreed);
  const rate = leg.sampleRate ?? 8000;
  const tone = toneSource(rate, hertz, -20);
  const pacing = pacer.add((now) => {
    const datagram = leg.play(tone, now);
    if (datagram !== undefined && leg.destination !== undefined) port.send(datagram, leg.destination);
  });
  let hear: (samples: Int16Array) => void = deaf;
  port.onDatagram = (datagram, from) => {
    const received = leg.receive(datagram, from, performance.now());
    if (received?.kind === 'voice') hear(leg.decode(received.packet, received.codec).samples);
  };
  closing.push(() => {
    pacing[Symbol.dispose]();
    port.close();
    room.close(id);
  });
  return {
    id,
    listen: () =>
      new Promise((resolve) => {
        const heard: number[] = [];
        hear = (samples) => {
          heard.push(...samples);
          // What was in the filters and the inbox before is left out.
          if (heard.length >= rate * 0.7) {
            hear = deaf;
            resolve({ samples: Int16Array.from(heard.slice(-rate / 2)), rate });
          }
        };
      }),
  };
}

const hears = (...devices: readonly Device[]) => ({
  kind: 'legs' as const,
  legs: devices.map(({ id }) => id),
});

describe('the voice of calls on sockets', () => {
  it.each([
    ['PCMA', 'PCMA'],
    ['G722', 'PCMU'],
    ['PCMA', 'PCMU'],
  ] as const)('[PBX-2] %s and %s hear each other', async (one, other) => {
    const first = await device(1, one, 440);
    const second = await device(2, other, 700);
    room.hear(first.id, hears(second));
    room.hear(second.id, hears(first));
    const [atFirst, atSecond] = await Promise.all([first.listen(), second.listen()]);
    expect(dominantFrequency(atFirst.samples, atFirst.rate)).toBeCloseTo(700, -1);
    expect(dominantFrequency(atSecond.samples, atSecond.rate)).toBeCloseTo(440, -1);
  });

  it('[PBX-14] of nine, whatever they speak, each hears the eight others and not itself', async () => {
    const codecs = ['G722', 'PCMA', 'PCMU'] as const;
    const tones = [300, 400, 500, 600, 700, 800, 900, 1000, 1100];
    const members: Device[] = [];
    for (const [at, hertz] of tones.entries()) {
      members.push(await device(at + 1, codecs[at % 3] ?? 'PCMA', hertz));
    }
    for (const member of members) {
      room.hear(member.id, hears(...members.filter((other) => other !== member)));
    }
    const heard = await Promise.all(members.map((member) => member.listen()));
    const audible = heard.map(({ samples, rate }) =>
      tones.filter((hertz) => toneLevelDbfs(samples, rate, hertz) > -25),
    );
    expect(audible).toEqual(tones.map((own) => tones.filter((hertz) => hertz !== own)));
  });
});
