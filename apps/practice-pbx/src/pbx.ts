import { randomBytes } from 'node:crypto';
import type { EndpointEvent } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import { CallerIdentity } from './calls/caller-identity.ts';
import { Switchboard } from './calls/switchboard.ts';
import type { CallLog } from './calls/switchboard.ts';
import { Directory } from './config/directory.ts';
import type { PbxSettings } from './config/environment.ts';
import { LiveEvents } from './http/events.ts';
import { createServer } from './http/server.ts';
import type { ExtensionView, PbxFace } from './http/views.ts';
import { metricsText } from './metrics.ts';
import { DeskPhone } from './phones/desk-phone.ts';
import { RegistrationDesk } from './registrar/registration-desk.ts';
import { attempt } from './sip-commands.ts';
import { TraceRing } from './trace/trace-ring.ts';
import { RtpMediaRoom } from './voice/call-media.ts';
import { Pacer } from './voice/pacer.ts';
import { RtpPorts } from './voice/ports.ts';
import { loadRecordings } from './voice/recordings.ts';

/** A running PBX. */
export interface Pbx {
  readonly sip: { readonly address: string; readonly port: number };
  /** Of the page. */
  readonly url: string;
  /** Ends calls, takes the desk phones off, closes every socket. */
  close(): Promise<void>;
}

export interface PbxLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

const EXPIRY_CHECK_MS = 1000;
/** Time for the last BYEs and CANCELs to be answered. */
const FAREWELL_MS = 300;
const ALLOWED = 'INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, UPDATE';

/** Opens the sockets, then the desk phones. Rejects with the system's error where a port is taken. */
export async function openPbx(settings: PbxSettings, log: PbxLog): Promise<Pbx> {
  const { address, exchange } = settings;
  const directory = new Directory(exchange);
  const desk = new RegistrationDesk(directory, exchange, randomBytes);
  const trace = new TraceRing();
  const recordings = loadRecordings();
  const pacer = new Pacer();
  const phones = new Map<string, DeskPhone>();
  const onChange = (): void => events.changed();

  let switchboard: Switchboard | undefined;
  const sip = await openNodeEndpoint({
    product: 'Offhook practice PBX',
    listen: [
      { transport: 'udp', address, port: settings.sipPort },
      { transport: 'tcp', address, port: settings.sipPort },
    ],
    onEvent: (event) => {
      if (event.type === 'request') answerRequest(sip, desk, event, onChange);
      else switchboard?.handle(event);
    },
    onTrace: (message) => {
      trace.add(message, Date.now());
      onChange();
    },
  });
  const bound = sip.bound[0] ?? { address, port: settings.sipPort };
  const ports = new RtpPorts(address, bound.address, settings.rtpPorts);
  const host = `${bound.address.includes(':') ? `[${bound.address}]` : bound.address}:${bound.port}`;
  const exchangeCalls = new Switchboard({
    sip,
    media: new RtpMediaRoom(ports, pacer, recordings),
    directory,
    identity: new CallerIdentity(directory, exchange, randomBytes),
    placesOf: (number) => sip.run((_, now) => desk.places(number, now)),
    host,
    maxCalls: exchange.limits.calls,
    after: (delay, run) => {
      const timer = setTimeout(run, Math.ceil(delay));
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
    wallClock: () => Date.now(),
    onChange,
    log: (event) => logCall(log, event),
  });
  switchboard = exchangeCalls;

  const extensions = (): readonly ExtensionView[] =>
    sip.run((_, now) =>
      directory.extensions.map(({ number, name }) => ({
        number,
        name,
        bindings: desk.bindings(number, now).map(({ contact, flow, expiresAt }) => ({
          contact: contact.uri,
          transport: flow.transport,
          remote: `${flow.address}:${flow.port}`,
          expiresInSeconds: Math.max(0, Math.round((expiresAt - now) / 1000)),
        })),
      })),
    );
  const face: PbxFace = {
    view: () => ({
      sip: host,
      extensions: extensions(),
      services: directory.services.map(({ number, name, kind }) => ({ number, name: name ?? kind })),
      phones: [...phones.values()].map((phone) => phone.view),
      calls: exchangeCalls.views,
    }),
    trace: (since) => trace.since(since),
    metrics: () =>
      metricsText({
        calls: exchangeCalls.counts.calls,
        callsTotal: exchangeCalls.counts.total,
        bindings: extensions().reduce((sum, { bindings }) => sum + bindings.length, 0),
        rtpPorts: ports.size,
        sip: sip.counts(),
      }),
    phone: (id) => phones.get(id),
  };
  const events = new LiveEvents(face);
  const server = createServer(face, events);
  const expiry = setInterval(() => {
    if (sip.run((_, now) => desk.expire(now))) onChange();
  }, EXPIRY_CHECK_MS);

  const close = async (): Promise<void> => {
    clearInterval(expiry);
    exchangeCalls.clear();
    await Promise.all([...phones.values()].map((phone) => phone.close()));
    if (sip.counts().sessions > 0) await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    events.close();
    await server.close();
    await sip.close();
  };

  try {
    const url = await server.listen({ host: address, port: settings.httpPort });
    for (const config of exchange.phones) {
      const extension = directory.extension(config.extension);
      if (extension === undefined) continue;
      const phone = await DeskPhone.open({ config, extension, pbx: bound, ports, pacer, onChange });
      phones.set(phone.id, phone);
    }
    return { sip: { address: bound.address, port: bound.port }, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function answerRequest(
  sip: NodeEndpoint,
  desk: RegistrationDesk,
  event: Extract<EndpointEvent, { type: 'request' }>,
  onChange: () => void,
): void {
  const { requestId, request, flow } = event;
  attempt(sip, (endpoint, now) => {
    if (request.method === 'REGISTER') {
      const { status, headers } = desk.register(request, flow, now);
      endpoint.respond(requestId, status, now, { headers });
    } else endpoint.respond(requestId, 405, now, { headers: [['Allow', ALLOWED]] });
  });
  onChange();
}

function logCall(log: PbxLog, event: CallLog): void {
  log.info(event, event.event);
}
