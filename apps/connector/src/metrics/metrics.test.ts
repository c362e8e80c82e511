import { socketLimits, type NodeEndpointCounts } from '@offhook/sip-node';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const limits = Object.fromEntries(
  socketLimits.map((limit, at) => [limit, at]),
) as NodeEndpointCounts['limits'];
const sip: NodeEndpointCounts = {
  transactions: 1,
  dialogs: 2,
  sessions: 3,
  registrations: 4,
  subscriptions: 0,
  notifiers: 0,
  referrals: 0,
  referrers: 0,
  timers: 5,
  received: 6,
  sent: 7,
  retransmitted: 8,
  malformed: 9,
  stray: 10,
  connections: 12,
  rejectedConnections: 13,
  stunAnswered: 14,
  flowsFailed: 15,
  limits,
};

describe('the metrics of the connector', () => {
  it('have every bound of the SIP sockets by its name', async () => {
    const { registry } = createMetrics({
      calls: () => 0,
      lines: () => ({ lines: 0, registered: 0, failed: 0 }),
      spool: () => ({ waiting: 0, dropped: 0, unwritten: 0 }),
      recordsAside: () => 0,
      cti: () => undefined,
      link: () => ({ up: false, connects: 0 }),
      sip: () => sip,
      media: () => ({ bridges: 0, browserLegs: 0, pbxLegs: 0, pbxPorts: 0 }),
    });
    const text = await registry.metrics();
    const lines = text.split('\n').filter((line) => line.startsWith('offhook_connector_sip_limit_total{'));
    expect(lines).toEqual(
      socketLimits.map((limit, at) => `offhook_connector_sip_limit_total{limit="${limit}"} ${at}`),
    );
    expect(text).toContain('offhook_connector_sip_connections 12');
    expect(text).toContain('offhook_connector_sip_rejected_connections_total 13');
    expect(text).toContain('offhook_connector_sip_stun_answered_total 14');
    expect(text).toContain('offhook_connector_sip_flows_failed_total 15');
  });
});
