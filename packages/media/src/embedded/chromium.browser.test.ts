import { buildRtp, STATIC_PAYLOAD_TYPES, type VoiceCodecName } from '@offhook/audio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_LINE, FORMATS, seams, TestCall } from '../testing/call.ts';
import { ChromiumPage, findChromium } from '../testing/chromium-page.ts';
import { heard } from '../testing/voice.ts';
import { createEmbeddedEngine, type EmbeddedEngine } from './create.ts';

const chromium = findChromium();

describe.skipIf(chromium === undefined)(`a real browser (${chromium ?? 'no Chromium is installed'})`, () => {
  let engine: EmbeddedEngine;
  let call: TestCall;
  let window: ChromiumPage;
  let closeBrowser: () => Promise<void>;

  beforeEach(async () => {
    engine = await createEmbeddedEngine({
      browserUdpPort: 0,
      pbxAddress: '127.0.0.1',
      pbxPortRange: { first: 20_000, last: 29_999 },
    });
    call = await TestCall.open(engine);
    ({ window, close: closeBrowser } = await ChromiumPage.open(1000));
  });
  afterEach(async () => {
    await closeBrowser();
    await call.close();
    await engine.close();
  });

  async function attach(legId: string): Promise<void> {
    const early: [string, string][] = [];
    let answered = false;
    const give = (candidate: string, mid: string): void => {
      if (answered) call.bridge.addBrowserCandidate(legId, candidate, mid);
      else early.push([candidate, mid]);
    };
    const offer = await window.offer(true, give);
    const answer = await call.bridge.openBrowserLeg(legId, offer);
    answered = true;
    for (const [candidate, mid] of early) give(candidate, mid);
    await window.accept(answer);
    await call.event(
      (event) => event.type === 'browser' && event.legId === legId && event.state === 'connected',
    );
  }

  /** The PBX sends back whatever it hears. */
  async function echo(codec: VoiceCodecName): Promise<void> {
    call.toPbx = await call.bridge.createPbxOffer();
    call.bridge.acceptPbxAnswer(call.pbx.describe({ formats: FORMATS[codec], lines: [EVENT_LINE] }));
    call.pbx.onPacket = (packet) => call.pbx.send(buildRtp({ ...packet, ssrc: 99 }), call.toPbx);
  }

  it.each(['G722', 'PCMA', 'PCMU'] as const)(
    '%s: hears its own tone through the echo of the PBX',
    async (codec) => {
      await echo(codec);
      await attach('leg');
      const hz = await window.hears(1000);
      expect(Math.abs(hz - 1000)).toBeLessThan(10);
      const voice = call.pbx.packets
        .filter((packet) => packet.payloadType === STATIC_PAYLOAD_TYPES[codec])
        .slice(-50);
      expect(Math.abs((heard(codec, voice).hz ?? 0) - 1000)).toBeLessThan(10);

      // Hold: silence on both sides, then the tone again.
      call.bridge.setFlow('hold');
      const count = call.pbx.packets.length;
      await call.pbx.until(() => call.pbx.packets.length >= count + 60);
      expect(heard(codec, call.pbx.packets.slice(count + 5)).dbfs).toBeLessThan(-55);
      expect(await window.level()).toBeLessThan(-60);
      call.bridge.setFlow('pass');
      await window.hears(1000);
      expect(seams(call.pbx.packets)).toEqual([]);
    },
  );

  it('a reloaded page comes back into the call, and the PBX notices nothing', async () => {
    await echo('G722');
    await attach('one');
    await window.hears(1000);
    await window.reload();
    await attach('two');
    await window.hears(1000);
    expect(seams(call.pbx.packets)).toEqual([]);
  });

  it('a page without a microphone, whose candidates never come, connects and hears (RFC 8445 section 7.3.1.3)', async () => {
    await echo('PCMA');
    const offer = await window.offer(false, () => undefined);
    const answer = await call.bridge.openBrowserLeg('leg', offer);
    await window.accept(answer);
    await call.event((event) => event.type === 'browser' && event.state === 'connected');
    call.pbx.onPacket = () => undefined;
    call.pbxTalks('PCMA');
    expect(Math.abs((await window.hears(440)) - 440)).toBeLessThan(10);
  });

  it.each([
    // DTLS says goodbye.
    ['its connection', 'failed', 1000, (): Promise<void> => window.closeConnection()],
    // Chromium then just stops.
    ['the tab', 'interrupted', 4500, (): Promise<void> => window.closeTab()],
    ['the browser', 'interrupted', 4500, (): Promise<void> => closeBrowser()],
  ] as const)('a page that closes %s is seen as %s within %d ms', async (_, state, within, close) => {
    await attach('leg');
    const closedAt = performance.now();
    await close();
    await call.event((event) => event.type === 'browser' && event.state === state);
    expect(performance.now() - closedAt).toBeLessThan(within);
  });
});
