import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../engine.ts';
import { BrowserPeer } from '../testing/browser-peer.ts';
import { Conditions } from '../testing/conditions.ts';
import { createEmbeddedEngine } from './create.ts';
import { PortPool, type SocketPair } from './port-pool.ts';

const options = {
  browserUdpPort: 0,
  pbxAddress: '127.0.0.1',
  pbxPortRange: { first: 20_000, last: 29_999 },
} as const;

/** A bound socket, and the port that it holds. */
async function taken(): Promise<{ port: number; release: () => Promise<void> }> {
  const socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    release: () => new Promise((resolve) => socket.close(resolve)),
  };
}

describe('createEmbeddedEngine', () => {
  it('says which port is taken', async () => {
    const { port, release } = await taken();
    await expect(createEmbeddedEngine({ ...options, browserUdpPort: port })).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining(`${port} (UDP) cannot be opened`),
    });
    await release();
  });

  it('takes the port that it is told, and gives it back', async () => {
    // Below the ports that systems hand out by themselves, so that nobody takes it in between.
    const pool = new PortPool('127.0.0.1', { first: 10_000, last: 19_999 }, Math.random);
    const pair = await pool.reserve();
    await pool.release(pair);
    for (let round = 0; round < 2; round += 1) {
      const engine = await createEmbeddedEngine({ ...options, browserUdpPort: pair.port });
      expect(engine.browserUdpPort).toBe(pair.port);
      await engine.close();
    }
  });

  it('announces the addresses that it is told, and loopback behind them', async () => {
    const announcedAddresses = ['203.0.113.9'];
    const engine = await createEmbeddedEngine({ ...options, announcedAddresses });
    const browser = new BrowserPeer();
    const bridge = engine.openBridge({ label: 'test', onEvent: () => undefined });
    const answer = await bridge.openBrowserLeg('leg', await browser.offer());
    const candidates = answer.split('\r\n').filter((line) => line.startsWith('a=candidate'));
    expect(candidates.map((line) => line.split(' ')[4])).toEqual(['203.0.113.9', '127.0.0.1']);
    expect(candidates.every((line) => line.includes(` ${engine.browserUdpPort} typ host`))).toBe(true);
    await engine.close();
    await browser.close();
  });

  it.each([
    ['an RTP address that stands for all', { pbxAddress: '0.0.0.0' }],
    ['an RTP address that is a name', { pbxAddress: 'localhost' }],
    ['a name for browsers', { announcedAddresses: ['voice.example'] }],
    ['a range without a pair of ports', { pbxPortRange: { first: 20_001, last: 20_002 } }],
    ['a range beyond the ports', { pbxPortRange: { first: 65_000, last: 70_000 } }],
    ['an address of another machine', { browserAddress: '198.51.100.1' }],
  ])('refuses %s', async (_, wrong) => {
    await expect(createEmbeddedEngine({ ...options, ...wrong })).rejects.toMatchObject({ code: 'engine' });
  });

  it('gives a browser that never comes up 20 s, and tells its failure once', async () => {
    let ahead = 0;
    const engine = await createEmbeddedEngine({ ...options, now: () => performance.now() + ahead });
    const browser = new BrowserPeer();
    const events: BridgeEvent[] = [];
    const conditions = new Conditions();
    const bridge = engine.openBridge({
      label: 'test',
      onEvent: (event) => {
        events.push(event);
        conditions.check();
      },
    });
    await bridge.openBrowserLeg('leg', await browser.offer());
    ahead = 20_001;
    await conditions.until(() => events.length >= 2);
    expect(events.map((event) => ('state' in event ? event.state : event.type))).toEqual([
      'connecting',
      'failed',
    ]);
    expect(engine.counts()).toMatchObject({ bridges: 1, browserLegs: 0 });
    await engine.close();
    await browser.close();
  });

  it('lets the process end once it is closed, also after calls', async () => {
    const program = fileURLToPath(new URL('../testing/call-and-close.ts', import.meta.url));
    const child = fork(program, { stdio: 'inherit', execArgv: [] });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});

describe('PortPool', () => {
  it('[RFC3550-11] gives even ports with the odd one above, until none is left', async () => {
    // What others hold of the range is passed over.
    const pool = new PortPool('127.0.0.1', { first: 19_001, last: 19_040 }, Math.random);
    const pairs: SocketPair[] = [];
    const reserve = async (): Promise<unknown> => {
      try {
        pairs.push(await pool.reserve());
        return undefined;
      } catch (error) {
        return error;
      }
    };
    let refused: unknown;
    while (refused === undefined) refused = await reserve();
    expect(refused).toMatchObject({ code: 'no_port' });
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.every((pair) => pair.port % 2 === 0 && pair.rtcp.address().port === pair.port + 1)).toBe(
      true,
    );
    expect(pool.held).toBe(2 * pairs.length);
    await Promise.all(pairs.map((pair) => pool.release(pair)));
    expect(pool.held).toBe(0);
  });

  it('is not shaken by a bind address that is not ours', async () => {
    const pool = new PortPool('198.51.100.1', { first: 20_000, last: 20_100 }, Math.random);
    await expect(pool.reserve()).rejects.toMatchObject({ code: 'no_port' });
    expect(pool.held).toBe(0);
  });
});
