import type { NodeEndpointCounts } from '@offhook/sip-node';

export interface PbxCounts {
  readonly calls: number;
  readonly callsTotal: number;
  readonly bindings: number;
  readonly rtpPorts: number;
  readonly sip: NodeEndpointCounts;
}

/** In the text format that Prometheus reads. */
export function metricsText(counts: PbxCounts): string {
  const { sip } = counts;
  const lines: readonly (readonly [name: string, type: 'gauge' | 'counter', value: number])[] = [
    ['calls', 'gauge', counts.calls],
    ['calls_total', 'counter', counts.callsTotal],
    ['bindings', 'gauge', counts.bindings],
    ['rtp_ports', 'gauge', counts.rtpPorts],
    ['sip_sessions', 'gauge', sip.sessions],
    ['sip_dialogs', 'gauge', sip.dialogs],
    ['sip_transactions', 'gauge', sip.transactions],
    ['sip_received_total', 'counter', sip.received],
    ['sip_sent_total', 'counter', sip.sent],
    ['sip_retransmitted_total', 'counter', sip.retransmitted],
    ['sip_malformed_total', 'counter', sip.malformed],
    ['sip_connections', 'gauge', sip.connections],
    ['sip_rejected_connections_total', 'counter', sip.rejectedConnections],
    ['sip_stun_answered_total', 'counter', sip.stunAnswered],
  ];
  const limits = Object.entries(sip.limits).map(
    ([limit, times]) => `offhook_pbx_sip_limit_total{limit="${limit}"} ${times}\n`,
  );
  return [
    ...lines.map(
      ([name, type, value]) => `# TYPE offhook_pbx_${name} ${type}\noffhook_pbx_${name} ${value}\n`,
    ),
    '# TYPE offhook_pbx_sip_limit_total counter\n',
    ...limits,
  ].join('');
}
