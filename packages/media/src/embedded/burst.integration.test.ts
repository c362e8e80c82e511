import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bridge } from '../engine.ts';
import { BrowserPeer, browserStream } from '../testing/browser-peer.ts';
import { Conditions } from '../testing/conditions.ts';
import { createEmbeddedEngine, type EmbeddedEngine } from './create.ts';

/** Set-ups at the same time. `npm run bench:media-burst` takes 500. */
const SETUPS = Number(process.env['OFFHOOK_MEDIA_BURST'] ?? 100);

interface Setup {
  readonly peer: BrowserPeer;
  readonly bridge: Bridge;
}

describe('burst', () => {
  let engine: EmbeddedEngine;
  let setups: Setup[];
  const progress = new Conditions();
  const failures: string[] = [];
  /** A candidate that the connection refuses would be the first sign of a wrong order. */
  const note = (_: object, text: string): void => {
    if (text === 'candidate not taken') failures.push(text);
  };

  beforeEach(async () => {
    engine = await createEmbeddedEngine({
      browserUdpPort: 0,
      pbxAddress: '127.0.0.1',
      pbxPortRange: { first: 20_000, last: 29_999 },
      log: { debug: note, info: note, warn: note },
    });
    setups = [];
  });
  afterEach(async () => {
    await Promise.all(setups.map(({ peer }) => peer.close()));
    await engine.close();
  });

  /** As a browser does it: the offer, then candidates one by one while the answer is on its way. */
  async function setUp(index: number): Promise<void> {
    const peer = new BrowserPeer({ name: `browser-${index}` });
    const legId = `leg-${index}`;
    const bridge = engine.openBridge({
      label: legId,
      onEvent: (event) => {
        if (event.type === 'browser' && event.state === 'failed') failures.push(legId);
        progress.check();
      },
    });
    setups.push({ peer, bridge });
    const answer = await bridge.openBrowserLeg(legId, await peer.offer());
    peer.trickle((candidate, mid) => bridge.addBrowserCandidate(legId, candidate, mid));
    peer.accept(answer);
    await peer.connected();
    peer.send(browserStream(index).voice(9, new Uint8Array(160), 160));
    // Comfort: the way back is open too.
    await peer.until(() => peer.packets.length > 0);
  }

  it(
    `${SETUPS} browsers connect at the same time over one UDP port, and none fails`,
    { timeout: 120_000 },
    async () => {
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: SETUPS }, (_, index) => setUp(index)));
      const took = performance.now() - startedAt;
      await Promise.all(
        setups.map(({ peer, bridge }) => peer.until(() => bridge.stats().fromBrowser.packets > 0)),
      );
      expect(failures).toEqual([]);
      expect(engine.counts()).toMatchObject({ bridges: SETUPS, browserLegs: SETUPS });
      console.info(`${SETUPS} set-ups, 0 failures, ${(took / 1000).toFixed(2)} s`);
    },
  );
});
