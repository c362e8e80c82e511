import type { EndpointEvent, SessionId } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import { agentOptions } from './options.ts';
import { serveReports } from './report.ts';

/** Joins every call to one to `sip:callee@127.0.0.1:<first argument>`: the descriptions pass through, a BYE too. */
const calleePort = Number(process.argv[2]);
const target = { transport: 'udp', address: '127.0.0.1', port: calleePort } as const;
const to = `sip:callee@127.0.0.1:${calleePort}`;

/** The other leg of each leg. */
const peers = new Map<SessionId, SessionId>();
let calls = 0;
let failed = 0;

const endpoint = await openNodeEndpoint({
  ...agentOptions,
  onEvent(event) {
    if (event.type === 'session.incoming') {
      const { session, info, offer } = event;
      const onward = endpoint.run((sip, now) =>
        sip.invite({ to, from: info.remoteUri, target, ...(offer && { offer }) }, now),
      );
      peers.set(session, onward).set(onward, session);
    } else if (event.type === 'session.accepted') {
      const caller = peers.get(event.session);
      const { body } = event;
      if (caller !== undefined && body !== undefined) {
        endpoint.run((sip, now) => sip.accept(caller, body, now));
      }
    } else if (event.type === 'session.ended') {
      onEnded(event);
    }
  },
});

function onEnded({ session, end }: Extract<EndpointEvent, { type: 'session.ended' }>): void {
  const other = peers.get(session);
  peers.delete(session);
  if (other !== undefined && peers.has(other)) {
    if (end.by !== 'remote') failed += 1;
    endpoint.run((sip, now) => sip.end(other, now));
  } else calls += 1;
}

serveReports(endpoint.bound[0]?.port ?? 0, () => ({ calls, failed, counts: endpoint.counts() }));
