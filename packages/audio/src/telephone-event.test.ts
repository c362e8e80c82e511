import { describe, expect, it } from 'vitest';
import { parseRtp } from './rtp.ts';
import { TelephoneEventReceiver, type DtmfReport } from './telephone-event-receiver.ts';
import {
  areDtmfDigits,
  buildTelephoneEvent,
  digitOfEvent,
  eventOfDigit,
  parseTelephoneEvent,
  telephoneEventPackets,
} from './telephone-event.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function reportsOf(packets: readonly string[]): readonly DtmfReport[] {
  const receiver = new TelephoneEventReceiver();
  return packets.flatMap((text) => {
    const packet = parseRtp(hex(text));
    return packet === undefined ? [] : receiver.receive(packet);
  });
}

const press = (digit: string, ticks: number): readonly DtmfReport[] => [
  { kind: 'pressed', digit },
  { kind: 'released', digit, ticks },
];

describe('[RFC4733-2.3] the payload', () => {
  it('is read and written', () => {
    const payload = hex('0b8a0320');
    const event = parseTelephoneEvent(payload);
    expect(event).toEqual({ event: 11, end: true, volume: 10, duration: 800 });
    expect(event && buildTelephoneEvent(event)).toEqual(payload);
  });
  it('a truncated one is none', () => {
    expect(parseTelephoneEvent(hex('050a00'))).toBeUndefined();
  });
  it('[RFC4733-3.2] keys and event codes', () => {
    expect('0123456789*#ABCD'.split('').map(eventOfDigit)).toEqual([...Array.from({ length: 16 }).keys()]);
    expect(eventOfDigit('d')).toBe(15);
    expect(eventOfDigit('x')).toBeUndefined();
    expect(eventOfDigit('')).toBeUndefined();
    expect(digitOfEvent(16)).toBeUndefined();
    expect([areDtmfDigits('12*#a'), areDtmfDigits(''), areDtmfDigits('1 2')]).toEqual([true, false, false]);
  });
});

describe('[RFC4733-2.5] sending a press', () => {
  it('updates each 20 ms, ends three times, with the marker on the first only', () => {
    const packets = telephoneEventPackets('5') ?? [];
    const events = packets.map((packet) => parseTelephoneEvent(packet.payload));
    expect(events.map((event) => event?.duration)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(events.map((event) => event?.end)).toEqual([false, false, false, false, true, true, true]);
    expect(packets.map((packet) => packet.marker)).toEqual([true, ...Array.from({ length: 6 }, () => false)]);
    expect(packets.map((packet) => packet.delayTicks)).toEqual([0, 160, 320, 480, 640, 800, 960]);
  });
  it('what is no key has no packets', () => {
    expect(telephoneEventPackets('x')).toBeUndefined();
  });
});

describe('[RFC4733-2.6] receiving presses', () => {
  it('a press of 100 ms with three end packets, through the wrap of the sequence, is one digit', () => {
    expect(
      reportsOf([
        '80e5fffe00027100cafebabe050a00a0',
        '8065ffff00027100cafebabe050a0140',
        '8065000000027100cafebabe050a01e0',
        '8065000100027100cafebabe050a0280',
        '8065000200027100cafebabe058a0320',
        '8065000300027100cafebabe058a0320',
        '8065000400027100cafebabe058a0320',
      ]),
    ).toEqual(press('5', 800));
  });
  it('the last end packet alone is a digit', () => {
    expect(reportsOf(['8065000400027100cafebabe058a0320'])).toEqual(press('5', 800));
  });
  it('where all ends are lost, the next press ends it', () => {
    expect(
      reportsOf([
        '80e5fffe00027100cafebabe050a00a0',
        '8065000100027100cafebabe050a0280',
        '80e50006000280a0cafebabe0b0a00a0',
        '80650007000280a0cafebabe0b8a0140',
      ]),
    ).toEqual([...press('5', 640), ...press('#', 320)]);
  });
  it('the same key twice is two digits', () => {
    expect(
      reportsOf([
        '80e5000a000003e8cafebabe010a00a0',
        '8065000b000003e8cafebabe018a0140',
        '80e5000c00000bb8cafebabe010a00a0',
        '8065000d00000bb8cafebabe018a0140',
      ]),
    ).toEqual([...press('1', 320), ...press('1', 320)]);
  });
  it('an update after the end, or of an older press, is passed over', () => {
    expect(
      reportsOf([
        '80e5001400001388cafebabe090a00a0',
        '8065001600001388cafebabe098a01e0',
        '8065001500001388cafebabe090a0140',
        '8065000b000003e8cafebabe018a0140',
      ]),
    ).toEqual(press('9', 480));
  });
  it('[RFC4733-2.5.1.3] a press of 8.3 s goes on in a second segment and is one digit', () => {
    expect(
      reportsOf([
        '80e5001e00002328cafebabe000a00a0',
        '8065001f00002328cafebabe000affff',
        '8065002000012327cafebabe000a01e0',
        '8065002100012327cafebabe008a0361',
      ]),
    ).toEqual(press('0', 66_400));
  });
  it('flash is no digit; A to D are', () => {
    expect(
      reportsOf([
        '80e5002800000001cafebabe108a0320',
        '80e50029000007d0cafebabe0c8a0320',
        '80e5002a00000fa0cafebabe0f8a0320',
      ]),
    ).toEqual([...press('A', 800), ...press('D', 800)]);
  });
  it('truncated payloads are passed over', () => {
    expect(reportsOf(['80e5003200000001cafebabe050a00', '80e5003300000001cafebabe'])).toEqual([]);
  });
});
