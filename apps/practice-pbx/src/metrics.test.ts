import { socketLimits, type NodeEndpointCounts } from '@offhook/sip-node';
import { describe, expect, it } from 'vitest';
import { metricsText } from './metrics.ts';

const sip: NodeEndpointCounts = {
  transactions: 1,
  dialogs: 2,
  sessions: 3,
  registrations: 0,
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
  flowsFailed: 0,
  limits: Object.fromEntries(socketLimits.map((limit, at) => [limit, at])) as NodeEndpointCounts['limits'],
};

describe('the metrics of the practice PBX', () => {
  it('have every bound of the SIP sockets by its name', () => {
    const text = metricsText({ calls: 0, callsTotal: 0, bindings: 0, rtpPorts: 0, sip });
    const lines = text.split('\n').filter((line) => line.startsWith('offhook_pbx_sip_limit_total{'));
    expect(lines).toEqual(
      socketLimits.map((limit, at) => `offhook_pbx_sip_limit_total{limit="${limit}"} ${at}`),
    );
    // Each name has its type once, and before its first value.
    expect(
      text.match(/^# TYPE offhook_pbx_sip_limit_total counter\noffhook_pbx_sip_limit_total\{/gm),
    ).toHaveLength(1);
    expect(text).toContain('\noffhook_pbx_sip_connections 12\n');
  });
});
