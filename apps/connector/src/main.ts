import { randomBytes } from 'node:crypto';
import dns from 'node:dns/promises';
import { createEmbeddedEngine, MediaError } from '@offhook/media';
import { openNodeEndpoint, type NodeEndpoint, type SipTrace } from '@offhook/sip-node';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { systemClock } from './clock.ts';
import { ConfigurationError, readEnvironment, type Environment } from './config/environment.ts';
import { openAtKeptPort } from './config/kept-port.ts';
import { askForKey, ownAddressTowards, withStartLine } from './config/start-line.ts';
import { Connector } from './connector.ts';
import { serveStatus } from './metrics/http.ts';
import { createMetrics } from './metrics/metrics.ts';
import { Spool } from './spool/spool.ts';

/** Milliseconds for the media engine to describe a voice path. */
const SETUP_TIME = 10_000;
/** Milliseconds for which an incoming call rings with nobody there; clients come back within them. */
const DESERTED_TIME = 15_000;
/** Milliseconds between one question for a silent call and the next. */
const PROBE_INTERVAL = 15_000;
/** How many times longer a call without voice is kept while the cloud cannot be asked for its client. */
const UNKNOWN_FACTOR = 10;

async function main(environment: Environment): Promise<void> {
  const log = pino({ level: environment.logLevel, base: { app: 'connector' } });
  const version = packageJson.version;
  const clock = systemClock;
  await using stack = new AsyncDisposableStack();

  const spool = stack.use(await Spool.open({ directory: environment.dataDirectory, log }));
  const { sip: at, media, rtp } = environment;
  const engine = await createEmbeddedEngine({
    browserUdpPort: media.udpPort,
    announcedAddresses: media.addresses,
    pbxAddress: rtp.address,
    pbxPortRange: { first: rtp.firstPort, last: rtp.lastPort },
    log,
  });
  stack.defer(() => engine.close());
  let connector: Connector | undefined;
  const openSip = (port: number): Promise<NodeEndpoint> =>
    openNodeEndpoint({
      product: `Offhook connector ${version}`,
      listen: [
        { transport: 'udp', address: at.address, port },
        { transport: 'tcp', address: at.address, port },
        { transport: 'tls', address: at.address, port: at.tls.port, accept: at.tls.own !== undefined },
      ],
      // A PBX may tell of new messages without being asked (RFC 3842 section 3.2, as many do).
      unsolicited: ['message-summary'],
      tls: { ...at.tls.own, ...(at.tls.ca !== undefined && { ca: [at.tls.ca] }) },
      onRejected: (peer) => log.warn(peer, 'somebody connected and was turned away'),
      onEvent: (event) => connector?.onSip(event),
      ...(log.isLevelEnabled('trace')
        ? { onTrace: (trace: SipTrace) => log.trace(firstLine(trace), 'sip') }
        : {}),
    });
  const sip =
    at.port === 0
      ? await openAtKeptPort(
          { directory: environment.dataDirectory, log },
          openSip,
          ({ bound }) => bound[0]?.port ?? 0,
        )
      : await openSip(at.port);
  stack.defer(() => sip.close());

  const metrics = createMetrics({
    calls: () => running.calls.count,
    lines: () => running.lines.counts(),
    spool: () => spool.counts(),
    recordsAside: () => running.recordsAside,
    link: () => running.link,
    sip: () => sip.counts(),
    media: () => engine.counts(),
    cti: () => running.platform.counts,
  });
  const running = new Connector({
    sip,
    engine,
    spool,
    lookup: async (host) => (await dns.lookup(host, { all: true })).map(({ address }) => address),
    clock,
    random: Math.random,
    newId: () => randomBytes(12).toString('hex'),
    times: {
      setup: SETUP_TIME,
      orphan: environment.orphanSeconds * 1000,
      orphanUnknown: environment.orphanSeconds * 1000 * UNKNOWN_FACTOR,
      deserted: DESERTED_TIME,
      probe: PROBE_INTERVAL,
    },
    cloudUrl: environment.cloudUrl,
    apiKey: environment.apiKey,
    version,
    ctiCa: environment.ctiCa,
    log,
    onRecord: (record) => {
      metrics.countCall(record);
    },
  });
  connector = running;
  const status = await serveStatus({
    host: environment.http.address,
    port: environment.http.port,
    registry: metrics.registry,
    missing: () => running.missing(),
  });
  stack.defer(() => status.close());

  running.start();
  const bound = sip.bound.map(({ address, port }) => `${address}:${String(port)}`)[0] ?? '';
  log.info({ sip: bound, http: status.url, version }, 'connector is running');
  process.send?.({ type: 'ready', sip: bound, http: status.url });

  await toldToStop();
  if (environment.drainSeconds > 0) {
    const enough = new AbortController();
    const cancel = clock.after(environment.drainSeconds * 1000, () => {
      enough.abort();
    });
    void toldToStop().then(() => enough.abort());
    await running.drain(enough.signal);
    cancel();
  }
  await running.stop();
}

/** What a message is, without its credentials and key presses. */
function firstLine({ direction, transport, remote, bytes }: SipTrace): object {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 500));
  return { direction, transport, remote, line: text.split('\r\n')[0] };
}

/** Resolves at the next SIGTERM, SIGINT or end of the parent's channel. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      process.off('disconnect', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('disconnect', stop);
  });
}

/** One sentence for what a person can mend; everything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof MediaError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, port, address, path } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `Port ${String(port)} on ${String(address)} is taken by another program.`;
  if (code === 'EADDRNOTAVAIL') return `${String(address)} is no address of this machine.`;
  if (code === 'EACCES' && path !== undefined) return `${path} cannot be read or written.`;
  return error.stack ?? error.message;
}

async function environment(): Promise<Environment> {
  const given = await withStartLine(process.argv.slice(2), process.env, ownAddressTowards);
  const hasKey = [given['OFFHOOK_API_KEY'], given['OFFHOOK_API_KEY_FILE']].some(
    (value) => value !== undefined && value !== '',
  );
  if (hasKey || given['OFFHOOK_CLOUD_URL'] === undefined) return readEnvironment(given);
  return readEnvironment({ ...given, OFFHOOK_API_KEY: await askForKey(process.stdin, process.stderr) });
}

try {
  await main(await environment());
  process.exit(0);
} catch (error) {
  process.stderr.write(`offhook-connector: ${explain(error)}\n`);
  process.exit(1);
}
