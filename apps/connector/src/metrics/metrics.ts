import type { CallRecord } from '@offhook/contract';
import type { EngineCounts } from '@offhook/media';
import type { NodeEndpointCounts } from '@offhook/sip-node';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { CtiCounts } from '../platforms/csta/counts.ts';
import type { SpoolCounts } from '../spool/spool.ts';
import { registerCtiMetrics } from './cti.ts';

/** Where the numbers come from, read when somebody asks for them. */
export interface Sources {
  readonly calls: () => number;
  readonly lines: () => { lines: number; registered: number; failed: number };
  readonly spool: () => SpoolCounts;
  readonly recordsAside: () => number;
  readonly link: () => { up: boolean; connects: number };
  readonly sip: () => NodeEndpointCounts;
  readonly media: () => EngineCounts;
  readonly cti: () => CtiCounts | undefined;
}

export interface Metrics {
  readonly registry: Registry;
  countCall(record: CallRecord): void;
}

export function createMetrics(sources: Sources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({
      name: `offhook_connector_${name}`,
      help,
      registers: [registry],
      collect: () => {
        made.set(read());
      },
    });
  };
  registerCtiMetrics(registry, sources.cti);
  gauge('calls', 'Calls that have not ended', sources.calls);
  gauge('lines', 'Lines configured', () => sources.lines().lines);
  gauge('lines_registered', 'Lines registered at the PBX', () => sources.lines().registered);
  gauge('lines_failed', 'Lines whose registration failed', () => sources.lines().failed);
  gauge('spool_waiting', 'Call records that the cloud has not taken yet', () => sources.spool().waiting);
  gauge('spool_aside', 'Call records in the spool at which the cloud fails', sources.recordsAside);
  gauge(
    'spool_dropped_total',
    'Call records given up because the spool was full',
    () => sources.spool().dropped,
  );
  gauge('spool_unwritten_total', 'Call records that the disk refused', () => sources.spool().unwritten);
  gauge('link_up', 'Whether the cloud is connected', () => Number(sources.link().up));
  gauge('link_connects_total', 'Times that the cloud said welcome', () => sources.link().connects);
  for (const name of ['transactions', 'dialogs', 'sessions', 'registrations', 'timers'] as const) {
    gauge(`sip_${name}`, `SIP ${name} open`, () => sources.sip()[name]);
  }
  gauge('sip_received_total', 'SIP messages received', () => sources.sip().received);
  gauge('sip_sent_total', 'SIP messages sent', () => sources.sip().sent);
  gauge('sip_retransmitted_total', 'SIP messages sent again', () => sources.sip().retransmitted);
  gauge('sip_malformed_total', 'SIP messages not understood', () => sources.sip().malformed);
  gauge('sip_connections', 'SIP connections that stand or are being made', () => sources.sip().connections);
  gauge(
    'sip_rejected_connections_total',
    'Peers that connected and spoke no SIP, or had no good certificate',
    () => sources.sip().rejectedConnections,
  );
  gauge(
    'sip_stun_answered_total',
    'STUN requests to the SIP ports answered',
    () => sources.sip().stunAnswered,
  );
  gauge(
    'sip_flows_failed_total',
    'Ways back from registrars over UDP that were lost',
    () => sources.sip().flowsFailed,
  );
  const limits = new Gauge({
    name: 'offhook_connector_sip_limit_total',
    help: 'Times that a bound of the SIP stack was met',
    labelNames: ['limit'] as const,
    registers: [registry],
    collect() {
      for (const [limit, times] of Object.entries(sources.sip().limits)) limits.set({ limit }, times);
    },
  });
  gauge('media_bridges', 'Media bridges open', () => sources.media().bridges);
  gauge('media_browser_legs', 'Media legs towards browsers', () => sources.media().browserLegs);
  gauge('media_pbx_legs', 'Media legs towards the PBX', () => sources.media().pbxLegs);
  gauge('media_pbx_ports', 'UDP ports held for the PBX', () => sources.media().pbxPorts);
  const calls = new Counter({
    name: 'offhook_connector_calls_total',
    help: 'Calls that have ended',
    labelNames: ['direction', 'cause'] as const,
    registers: [registry],
  });
  return {
    registry,
    countCall(record) {
      calls.inc({ direction: record.direction, cause: record.cause });
    },
  };
}
