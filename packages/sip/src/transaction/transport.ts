import type { Flow, Target, Transport } from '../endpoint/api.ts';

/** Section 17: TCP, TLS and WebSockets deliver or report; UDP does neither. */
export function isReliable(transport: Transport): boolean {
  switch (transport) {
    case 'udp':
      return false;
    case 'tcp':
    case 'tls':
    case 'ws':
    case 'wss':
      return true;
  }
}

/** The port where a transport's URI or Via names none (section 19.1.2, RFC 7118 section 5). */
export function defaultPort(transport: Transport): number {
  switch (transport) {
    case 'udp':
    case 'tcp':
      return 5060;
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
  }
}

export function sameTarget(a: Target, b: Target): boolean {
  return (
    a.transport === b.transport &&
    a.address === b.address &&
    a.port === b.port &&
    (a.connectionId === undefined || b.connectionId === undefined || a.connectionId === b.connectionId)
  );
}

/** Streams are told apart by their connection, flows of UDP by the addresses and ports of both sides. */
export function sameFlow(a: Flow, b: Flow): boolean {
  if (a.connectionId !== undefined || b.connectionId !== undefined) return a.connectionId === b.connectionId;
  return (
    a.transport === b.transport &&
    a.address === b.address &&
    a.port === b.port &&
    a.localAddress === b.localAddress &&
    a.localPort === b.localPort
  );
}
