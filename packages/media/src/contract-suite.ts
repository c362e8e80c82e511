import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { buildRtp, telephoneEventPackets, type RtpPacket } from '@offhook/audio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BridgeEvent, MediaEngine } from './engine.ts';
import { carrying, EVENT_LINE, seams, TestCall } from './testing/call.ts';
import { mediaPort } from './testing/pbx-peer.ts';
import { heard, toneFrames } from './testing/voice.ts';

export interface MediaEngineFactoryOptions {
  /** Bridges that the engine may carry. */
  readonly bridges: number;
}

/** Makes an engine whose PBX side is on 127.0.0.1. */
export type MediaEngineFactory = (options: MediaEngineFactoryOptions) => Promise<MediaEngine>;

const is =
  (type: BridgeEvent['type'], state?: string) =>
  (event: BridgeEvent): boolean =>
    event.type === type && (state === undefined || ('state' in event && event.state === state));

/** Session id and version. */
const origin = (sdp: string): string[] => /^o=- (\d+) (\d+) /m.exec(sdp)?.slice(1) ?? [];

/** Event, end bit, duration and marker of the packets of one key press. */
const press = (event: number): readonly (readonly [number, number, number, string])[] => [
  [event, 0, 160, 'm'],
  [event, 0, 320, ''],
  [event, 0, 480, ''],
  [event, 0, 640, ''],
  [event, 1, 800, ''],
  [event, 1, 800, ''],
  [event, 1, 800, ''],
];

/**
 * What every media engine owes its callers. Drives it with real peers on this machine: a WebRTC peer as the browser,
 * RTP sockets as the PBX, real codecs. An engine that transcodes may be asked for more elsewhere.
 */
export function describeMediaEngine(name: string, factory: MediaEngineFactory): void {
  describe(`media engine ${name}`, () => {
    let engine: MediaEngine;
    let calls: TestCall[];

    beforeEach(async () => {
      engine = await factory({ bridges: 4 });
      calls = [];
    });
    afterEach(async () => {
      await Promise.all(calls.map((call) => call.close()));
      await engine.close();
      expect(engine.counts()).toEqual({ bridges: 0, browserLegs: 0, pbxLegs: 0, pbxPorts: 0 });
    });

    async function open(): Promise<TestCall> {
      const call = await TestCall.open(engine);
      calls.push(call);
      return call;
    }
    describe('voice', () => {
      it.each(['G722', 'PCMA', 'PCMU'] as const)(
        '%s passes both ways, each octet as it was, and a tone is heard as that tone',
        async (codec) => {
          const call = await open();
          await call.dial(codec);
          const browser = await call.attach('leg');
          const fromBrowser = toneFrames(codec, 1000, 40);
          const fromPbx = toneFrames(codec, 440, 40);
          call.browserTalks(browser, codec, 4242, fromBrowser);
          call.pbxTalks(codec, fromPbx);
          await call.pbx.until(() => carrying(call.pbx.packets, fromBrowser).length >= 40);
          await browser.until(() => carrying(browser.packets, fromPbx).length >= 40);

          const atPbx = carrying(call.pbx.packets, fromBrowser);
          const atBrowser = carrying(browser.packets, fromPbx);
          expect(atPbx.slice(0, 40).map(({ payload }) => [...payload])).toEqual(
            fromBrowser.map((frame) => [...frame]),
          );
          expect(atBrowser.slice(0, 40).map(({ payload }) => [...payload])).toEqual(
            fromPbx.map((frame) => [...frame]),
          );
          expect(Math.abs((heard(codec, atPbx).hz ?? 0) - 1000)).toBeLessThan(10);
          expect(Math.abs((heard(codec, atBrowser).hz ?? 0) - 440)).toBeLessThan(10);
          expect(seams(call.pbx.packets)).toEqual([]);
          expect(seams(browser.packets)).toEqual([]);
          expect(call.bridge.stats().codec).toBe(codec);
        },
      );

      it('[RFC3264-6.1] answers the offer of the PBX and maps its payload types, also of telephone-event', async () => {
        const call = await open();
        const offer = call.pbx.describe({
          formats: '18 98 96',
          lines: ['a=rtpmap:98 PCMA/8000', 'a=rtpmap:96 telephone-event/8000'],
        });
        call.toPbx = await call.bridge.answerPbxOffer(offer);
        expect(call.toPbx).toMatch(/m=audio \d+ RTP\/AVP 98 96\r\n/);
        const browser = await call.attach('leg');
        const frames = toneFrames('PCMA', 1000, 10);
        const talker = call.browserTalks(browser, 'PCMA', 4242, frames);
        await call.pbx.until(() => carrying(call.pbx.packets, frames).length >= 10);
        expect(carrying(call.pbx.packets, frames).every((packet) => packet.payloadType === 98)).toBe(true);

        const [start] = telephoneEventPackets('5') ?? [];
        if (start === undefined) throw new Error('no event');
        browser.send(talker.stream.at(talker.stream.timestamp, 126, start.payload, true));
        await call.pbx.until(() => call.pbx.packets.some((packet) => packet.payloadType === 96));
        const datagram = { payloadType: 96, marker: true, sequenceNumber: 1, timestamp: 1, ssrc: 9 };
        call.pbx.send(buildRtp({ ...datagram, payload: start.payload }), call.toPbx);
        await browser.until(() => browser.packets.some((packet) => packet.payloadType === 126));
      });

      it('goes back to the port that packets come from, and takes none from elsewhere (RFC 4961)', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg');
        const frames = toneFrames('PCMA', 440, 10);
        call.pbxTalks('PCMA', frames);
        await browser.until(() => carrying(browser.packets, frames).length >= 3);

        const strange = toneFrames('PCMA', 2000, 3);
        for (const address of ['127.0.0.1', '127.0.0.2']) {
          const stranger = createSocket('udp4');
          stranger.bind(0, address);
          await once(stranger, 'listening');
          for (const [index, payload] of strange.entries()) {
            const packet = {
              payloadType: 8,
              marker: false,
              sequenceNumber: index,
              timestamp: 160 * index,
              ssrc: 5,
            };
            stranger.send(buildRtp({ ...packet, payload }), mediaPort(call.toPbx), '127.0.0.1');
          }
          await new Promise<void>((done) => stranger.close(done));
        }
        const before = browser.packets.length;
        await browser.until(() => browser.packets.length >= before + 10);
        expect(carrying(browser.packets, strange)).toEqual([]);
      });

      it('[RFC5761-4] keeps RTCP out of the voice, whichever port it comes to', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg');
        const frames = toneFrames('PCMA', 440, 5);
        call.pbxTalks('PCMA', frames);
        await browser.until(() => carrying(browser.packets, frames).length >= 3);
        // 72 with the marker bit is 200: as RTP it would be voice of payload type 72.
        const report = Buffer.from('80c80006000000010000000000000000000000000000000000000000', 'hex');
        for (let count = 0; count < 5; count += 1) call.pbx.send(report, call.toPbx);
        call.pbx.sendRtcp(report, call.toPbx);
        const count = browser.packets.length;
        await browser.until(() => browser.packets.length >= count + 10);
        expect(browser.packets.every((packet) => packet.payloadType === 8)).toBe(true);
      });

      it('[RFC3550-6.4.1] reports to the PBX what was sent and heard', async () => {
        const call = await open();
        await call.dial('PCMA');
        call.pbxTalks('PCMA');
        await call.pbx.until(() => call.pbx.reports.length > 0);
        const [report] = call.pbx.reports;
        const view = new DataView(report?.buffer ?? new ArrayBuffer(0), report?.byteOffset);
        expect(view.getUint8(1)).toBe(200);
        expect(view.getUint32(4)).toBe(call.pbx.packets[0]?.ssrc);
        expect(view.getUint32(28)).toBe(77);
      });
    });

    describe('comfort', () => {
      it('gives the PBX silence at the pace of speech while no browser is there', async () => {
        const call = await open();
        await call.dial('G722');
        await call.pbx.until(() => call.pbx.packets.length >= 50);
        const { packets, arrivals } = call.pbx;
        expect(seams(packets)).toEqual([]);
        expect(heard('G722', packets).dbfs).toBeLessThan(-70);
        const seconds = ((arrivals[49] ?? 0) - (arrivals[0] ?? 0)) / 1000;
        expect(seconds).toBeGreaterThan(0.8);
        expect(seconds).toBeLessThan(1.5);
      });

      it('gives the browser silence while the PBX is not there', async () => {
        const call = await open();
        const browser = await call.attach('leg');
        await browser.until(() => browser.packets.length >= 20);
        expect(seams(browser.packets)).toEqual([]);
        expect(heard('G722', browser.packets).dbfs).toBeLessThan(-70);
      });
    });

    describe('replacing the browser', () => {
      it('goes on towards the PBX as one stream: SSRC, sequence numbers and timestamps without a seam', async () => {
        const call = await open();
        await call.dial('PCMA');
        const first = await call.attach('one');
        const low = toneFrames('PCMA', 500, 50);
        const high = toneFrames('PCMA', 1500, 50);
        call.browserTalks(first, 'PCMA', 4242, low);
        await call.pbx.until(() => carrying(call.pbx.packets, low).length >= 10);

        const second = await call.attach('two');
        call.browserTalks(second, 'PCMA', 31_337, high);
        await call.pbx.until(() => carrying(call.pbx.packets, high).length >= 10);
        const firstHigh = call.pbx.packets.indexOf(carrying(call.pbx.packets, high)[0] as RtpPacket);
        expect(seams(call.pbx.packets)).toEqual([]);
        // The first browser goes on talking: nobody hears it.
        expect(carrying(call.pbx.packets.slice(firstHigh), low)).toEqual([]);
        const frames = toneFrames('PCMA', 440, 10);
        call.pbxTalks('PCMA', frames);
        await second.until(() => carrying(second.packets, frames).length >= 10);
        expect(carrying(first.packets, frames)).toEqual([]);
      });

      it('passes over candidates of the older leg, and keeps the old leg where the new offer is bad', async () => {
        const call = await open();
        await call.dial('PCMA');
        const first = await call.attach('one');
        await expect(call.bridge.openBrowserLeg('two', 'v=0')).rejects.toMatchObject({ code: 'bad_sdp' });
        const frames = toneFrames('PCMA', 500, 50);
        call.browserTalks(first, 'PCMA', 4242, frames);
        await call.pbx.until(() => carrying(call.pbx.packets, frames).length >= 5);
        const second = await call.attach('two');
        call.bridge.addBrowserCandidate('one', 'candidate:1 1 UDP 1 127.0.0.1 9 typ host', '0');
        expect(second.isConnected).toBe(true);
        expect(engine.counts()).toMatchObject({ bridges: 1, browserLegs: 1, pbxLegs: 1 });
      });

      it('gives the PBX silence again when the browser is closed', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('one');
        const frames = toneFrames('PCMA', 500, 50);
        call.browserTalks(browser, 'PCMA', 4242, frames);
        await call.pbx.until(() => carrying(call.pbx.packets, frames).length >= 5);
        call.bridge.closeBrowserLeg();
        const count = call.pbx.packets.length;
        await call.pbx.until(() => call.pbx.packets.length >= count + 20);
        expect(heard('PCMA', call.pbx.packets.slice(count + 1)).dbfs).toBeLessThan(-60);
        expect(seams(call.pbx.packets)).toEqual([]);
        expect(engine.counts()).toMatchObject({ browserLegs: 0, pbxLegs: 1 });
      });
    });

    describe('connection of the browser', () => {
      it('is interrupted after 3 s without a packet, and connected again with the next one', async () => {
        const call = await open();
        const browser = await call.attach('leg');
        await call.event(is('browser', 'interrupted'));
        call.browserTalks(browser, 'G722');
        const states = (): string[] =>
          call.events.filter(is('browser')).map((event) => ('state' in event ? event.state : ''));
        await call.event(() => states().at(-1) === 'connected' && states().includes('interrupted'));
        expect(states()).toEqual(['connecting', 'connected', 'interrupted', 'connected']);
      });

      it('comes up where the browser names only .local addresses, which nobody can look up', async () => {
        const call = await open();
        const browser = call.browser();
        const answer = await call.bridge.openBrowserLeg('leg', await browser.offer());
        for (let count = 0; count < 3; count += 1) {
          const host = `d91ca625-7fad-4a2d-b78d-eb4a789f11f${count}.local`;
          call.bridge.addBrowserCandidate(
            'leg',
            `candidate:1 1 udp 2113937151 ${host} 5640${count} typ host`,
            '0',
          );
        }
        call.bridge.addBrowserCandidate('leg', 'candidate:nonsense', '0');
        call.bridge.addBrowserCandidate('leg', '', '0');
        browser.accept(answer);
        await browser.connected();
        expect(call.events).not.toContainEqual({ type: 'browser', legId: 'leg', state: 'failed' });
      });

      it('comes up on the loopback address alone', async () => {
        const call = await open();
        const browser = call.browser();
        const answer = await call.bridge.openBrowserLeg('leg', await browser.offer());
        expect(answer).toMatch(/a=candidate:\d+ 1 UDP \d+ 127\.0\.0\.1 \d+ typ host/);
        browser.accept(answer.replaceAll(/a=candidate:(?!.* 127\.0\.0\.1 ).*\r\n/g, ''));
        await browser.connected();
      });

      it('carries one codec and telephone-event in its answer', async () => {
        const call = await open();
        const browser = call.browser();
        const answer = await call.bridge.openBrowserLeg('leg', await browser.offer());
        expect(answer).toMatch(/m=audio \d+ UDP\/TLS\/RTP\/SAVPF 9 126\r\n/);
        expect(answer).toContain('a=rtcp-mux');
      });

      it('hears the PBX where the browser only listens, and is not taken for interrupted', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg', { direction: 'RecvOnly' });
        const frames = toneFrames('PCMA', 440, 50);
        call.pbxTalks('PCMA', frames);
        await browser.until(() => carrying(browser.packets, frames).length >= 170);
        expect(call.events.filter(is('browser', 'interrupted'))).toEqual([]);
      });
    });

    describe('hold', () => {
      it('lets neither side hear the other, gives the PBX comfort, and goes on without a seam', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg');
        const spoken = toneFrames('PCMA', 1000, 50);
        const music = toneFrames('PCMA', 440, 50);
        call.browserTalks(browser, 'PCMA', 4242, spoken);
        call.pbxTalks('PCMA', music);
        await call.pbx.until(() => carrying(call.pbx.packets, spoken).length >= 5);
        await browser.until(() => carrying(browser.packets, music).length >= 5);

        call.bridge.setFlow('hold');
        // What was on its way is through with the first packet of comfort.
        const isSpoken = (packet: RtpPacket | undefined): boolean =>
          packet !== undefined && carrying([packet], spoken).length > 0;
        await call.pbx.until(() => !isSpoken(call.pbx.packets.at(-1)));
        const [pbxFrom, browserFrom] = [call.pbx.packets.length, browser.packets.length];
        await call.pbx.until(() => call.pbx.packets.length >= pbxFrom + 30);
        expect(carrying(call.pbx.packets.slice(pbxFrom), spoken)).toEqual([]);
        expect(carrying(browser.packets.slice(browserFrom), music)).toEqual([]);

        call.bridge.setFlow('pass');
        await call.pbx.until(() => carrying(call.pbx.packets.slice(pbxFrom), spoken).length >= 5);
        await browser.until(() => carrying(browser.packets.slice(browserFrom), music).length >= 5);
        expect(seams(call.pbx.packets)).toEqual([]);
        expect(seams(browser.packets)).toEqual([]);
      });

      it('[RFC3264-8.4] hears the music of a PBX that holds us, and sends it nothing', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg');
        call.browserTalks(browser, 'PCMA');
        await call.pbx.until(() => call.pbx.packets.length >= 5);
        const held = { formats: '8 101', lines: [EVENT_LINE], direction: 'sendonly' };
        call.toPbx = await call.bridge.answerPbxOffer(call.pbx.describe(held));
        expect(call.toPbx).toContain('a=recvonly');
        expect(call.bridge.sendDtmf('1')).toBe(false);

        const music = toneFrames('PCMA', 440, 50);
        call.pbxTalks('PCMA', music);
        await browser.until(() => carrying(browser.packets, music).length >= 5);
        const count = call.pbx.packets.length;
        await browser.until(() => carrying(browser.packets, music).length >= 25);
        expect(call.pbx.packets.length).toBe(count);

        const again = { formats: '8 101', lines: [EVENT_LINE], direction: 'sendrecv' };
        call.toPbx = await call.bridge.answerPbxOffer(call.pbx.describe(again));
        await call.pbx.until(() => call.pbx.packets.length >= count + 10);
        expect(new Set(call.pbx.packets.map((packet) => packet.ssrc)).size).toBe(1);
      });

      it('[RFC3264-8.4] offers hold and retrieval in the same session, with a rising version', async () => {
        const call = await open();
        await call.dial('PCMA');
        const first = call.toPbx;
        await call.reoffer('PCMA', 'sendonly', 'recvonly');
        expect(call.toPbx).toContain('a=sendonly');
        // The codec in use stays in front.
        expect(call.toPbx).toMatch(/m=audio \d+ RTP\/AVP 8 9 0 101\r\n/);
        expect(mediaPort(call.toPbx)).toBe(mediaPort(first));
        expect(origin(call.toPbx)[0]).toBe(origin(first)[0]);
        expect(Number(origin(call.toPbx)[1])).toBe(Number(origin(first)[1]) + 1);
        await call.reoffer('PCMA', 'sendrecv', 'sendrecv');
        expect(Number(origin(call.toPbx)[1])).toBe(Number(origin(first)[1]) + 2);
      });
    });

    describe('keys', () => {
      it('[RFC4733-2.5] sends digits as events: marker, growing duration, three ends, no voice between', async () => {
        const call = await open();
        await call.dial('PCMA');
        const browser = await call.attach('leg');
        const spoken = toneFrames('PCMA', 1000, 50);
        call.browserTalks(browser, 'PCMA', 4242, spoken);
        await call.pbx.until(() => carrying(call.pbx.packets, spoken).length >= 5);
        expect(call.bridge.sendDtmf('1#')).toBe(true);
        const events = (): RtpPacket[] => call.pbx.packets.filter((packet) => packet.payloadType === 101);
        await call.pbx.until(() => events().length >= 14);
        const after = call.pbx.packets.length;
        await call.pbx.until(() => carrying(call.pbx.packets.slice(after), spoken).length >= 3);

        const told = events().map(({ payload, marker }) => {
          const view = new DataView(payload.buffer, payload.byteOffset, 4);
          return [view.getUint8(0), view.getUint8(1) >> 7, view.getUint16(2), marker ? 'm' : ''];
        });
        expect(told).toEqual([...press(1), ...press(11)]);
        expect(new Set(events().map((packet) => packet.timestamp)).size).toBe(2);
        const [first, last] = [events()[0] as RtpPacket, events().at(-1) as RtpPacket];
        const during = call.pbx.packets.slice(
          call.pbx.packets.indexOf(first),
          call.pbx.packets.indexOf(last) + 1,
        );
        expect(during.every((packet) => packet.payloadType === 101)).toBe(true);
        expect(seams(call.pbx.packets)).toEqual([]);
      });

      it('refuses digits without telephone-event, without a PBX, and what are no keys', async () => {
        const call = await open();
        expect(call.bridge.sendDtmf('1')).toBe(false);
        call.toPbx = await call.bridge.createPbxOffer();
        call.bridge.acceptPbxAnswer(call.pbx.describe({ formats: '8' }));
        expect(call.bridge.sendDtmf('1')).toBe(false);
        await call.dial('PCMA');
        expect(call.bridge.sendDtmf('1x')).toBe(false);
        expect(call.bridge.sendDtmf('')).toBe(false);
      });

      it('[RFC4733-2.5] tells each press of the PBX once', async () => {
        const call = await open();
        await call.dial('PCMA');
        const talker = call.pbxTalks('PCMA');
        await call.event(is('pbx', 'flowing'));
        for (const digit of '7*7') {
          const at = talker.stream.timestamp;
          for (const { payload, marker } of telephoneEventPackets(digit) ?? []) {
            call.pbx.send(talker.stream.at(at, 101, payload, marker), call.toPbx);
          }
          talker.stream.skip(1600);
        }
        const digits = (): string[] =>
          call.events.flatMap((event) => (event.type === 'dtmf' ? [event.digit] : []));
        await call.event(() => digits().length >= 3);
        expect(digits()).toEqual(['7', '*', '7']);
      });
    });

    describe('codecs', () => {
      it('tells that the PBX chose another codec than the browser sends, and passes voice once it attaches anew', async () => {
        const call = await open();
        const first = await call.attach('one');
        const wrong = toneFrames('G722', 1000, 50);
        call.browserTalks(first, 'G722', 4242, wrong);
        await call.dial('PCMA');
        expect(call.events).toContainEqual({ type: 'codec_mismatch', wanted: 'PCMA' });
        await call.pbx.until(() => call.pbx.packets.length >= 5);
        expect(carrying(call.pbx.packets, wrong)).toEqual([]);

        const second = await call.attach('two');
        const frames = toneFrames('PCMA', 1000, 50);
        call.browserTalks(second, 'PCMA', 4243, frames);
        await call.pbx.until(() => carrying(call.pbx.packets, frames).length >= 5);
        expect(call.events.filter(is('codec_mismatch'))).toHaveLength(1);
      });

      it("puts the browser's codec first in the offer to the PBX", async () => {
        const call = await open();
        await call.attach('one', { codecs: [[0, 'PCMU/8000']] });
        expect(await call.bridge.createPbxOffer()).toMatch(/RTP\/AVP 0 9 8 101\r\n/);
      });

      it('[RFC3264-5.1] follows a PBX that changes between the codecs of its answer', async () => {
        const call = await open();
        call.toPbx = await call.bridge.createPbxOffer();
        call.bridge.acceptPbxAnswer(call.pbx.describe({ formats: '8 0 101', lines: [EVENT_LINE] }));
        expect(call.bridge.stats().codec).toBe('PCMA');
        await call.attach('leg');
        call.pbxTalks('PCMU');
        await call.event(is('codec_mismatch'));
        expect(call.bridge.stats().codec).toBe('PCMU');
      });
    });

    describe('statistics', () => {
      it('[RFC3550-A.3] counts packets, octets and what was lost', async () => {
        const call = await open();
        await call.dial('PCMA');
        const payload = new Uint8Array(160).fill(0x55);
        for (const index of [0, 1, 2, 5, 6, 9]) {
          const packet = {
            payloadType: 8,
            marker: false,
            sequenceNumber: index,
            timestamp: 160 * index,
            ssrc: 3,
          };
          call.pbx.send(buildRtp({ ...packet, payload }), call.toPbx);
        }
        await call.event(is('pbx', 'flowing'));
        const count = call.pbx.packets.length;
        await call.pbx.until(() => call.pbx.packets.length > count + 2);
        expect(call.bridge.stats().fromPbx).toMatchObject({ packets: 6, bytes: 960, lost: 4 });
        expect(call.bridge.stats().fromBrowser).toEqual({ packets: 0, bytes: 0, jitterMs: 0, lost: 0 });
      });

      it('tells when the PBX begins to flow, and 5 s after its last packet', async () => {
        const call = await open();
        await call.dial('PCMA');
        const talker = call.pbxTalks('PCMA');
        await call.event(is('pbx', 'flowing'));
        talker.stop();
        await call.event(is('pbx', 'silent'));
        expect(call.events.filter(is('pbx'))).toHaveLength(2);
      });
    });

    describe('errors and ends', () => {
      it('refuses what is no SDP or has no audio with bad_sdp, and keeps the call', async () => {
        const call = await open();
        const bad = { code: 'bad_sdp' };
        await expect(call.bridge.openBrowserLeg('leg', 'hello')).rejects.toMatchObject(bad);
        const plain = call.pbx.describe({ formats: '8' });
        await expect(call.bridge.openBrowserLeg('leg', plain)).rejects.toMatchObject(bad);
        await expect(call.bridge.answerPbxOffer('hello')).rejects.toMatchObject(bad);
        await expect(call.bridge.answerPbxOffer(plain.replace('RTP/AVP', 'RTP/SAVP'))).rejects.toMatchObject(
          bad,
        );
        expect(() => call.bridge.acceptPbxAnswer(plain)).toThrow(expect.objectContaining(bad));
        expect(engine.counts()).toMatchObject({ browserLegs: 0, pbxLegs: 0, pbxPorts: 0 });
        await call.dial('PCMA');
        expect(() => call.bridge.acceptPbxAnswer('v=0')).toThrow(expect.objectContaining(bad));
        await call.pbx.until(() => call.pbx.packets.length >= 3);
      });

      it('refuses sides that have no codec in common with no_common_codec', async () => {
        const call = await open();
        const none = { code: 'no_common_codec' };
        const opus = call.browser({ codecs: [[18, 'G729/8000']] });
        await expect(call.bridge.openBrowserLeg('leg', await opus.offer())).rejects.toMatchObject(none);
        await expect(call.bridge.answerPbxOffer(call.pbx.describe({ formats: '18' }))).rejects.toMatchObject(
          none,
        );
        await call.dial('PCMA');
        const onlyMuLaw = call.browser({ codecs: [[0, 'PCMU/8000']] });
        await expect(call.bridge.openBrowserLeg('leg', await onlyMuLaw.offer())).rejects.toMatchObject(none);
      });

      it('carries so many calls and no more: capacity', async () => {
        for (let count = 0; count < 4; count += 1) await open();
        expect(() => engine.openBridge({ label: 'fifth', onEvent: () => undefined })).toThrow(
          expect.objectContaining({ code: 'capacity' }),
        );
        calls[0]?.bridge.close();
        await open();
      });

      it('closes a bridge with its legs and ports, once and for all', async () => {
        const call = await open();
        await call.dial('PCMA');
        await call.attach('leg');
        expect(engine.counts()).toEqual({ bridges: 1, browserLegs: 1, pbxLegs: 1, pbxPorts: 2 });
        const events = call.events.length;
        call.bridge.close();
        call.bridge.close();
        expect(engine.counts()).toMatchObject({ bridges: 0, browserLegs: 0, pbxLegs: 0 });
        const closed = { code: 'closed' };
        await expect(call.bridge.openBrowserLeg('leg', '')).rejects.toMatchObject(closed);
        await expect(call.bridge.createPbxOffer()).rejects.toMatchObject(closed);
        expect(() => call.bridge.acceptPbxAnswer('')).toThrow(expect.objectContaining(closed));
        expect(call.events).toHaveLength(events);
      });

      it('opens nothing more once the engine is closed', async () => {
        const call = await open();
        await call.dial('PCMA');
        const opening = call.bridge.createPbxOffer();
        await engine.close();
        await opening;
        expect(engine.counts().pbxPorts).toBe(0);
        expect(() => engine.openBridge({ label: 'late', onEvent: () => undefined })).toThrow(
          expect.objectContaining({ code: 'closed' }),
        );
      });

      it('lets go of a PBX leg that is closed while it opens', async () => {
        const call = await open();
        const opening = call.bridge.createPbxOffer();
        call.bridge.closePbxLeg();
        await expect(opening).rejects.toMatchObject({ code: 'closed' });
        expect(engine.counts()).toMatchObject({ pbxLegs: 0, pbxPorts: 0 });
      });
    });
  });
}
