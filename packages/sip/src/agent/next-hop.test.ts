import { describe, expect, it } from 'vitest';
import type { Transport } from '../endpoint/api.ts';
import { LocalAddresses } from './local.ts';
import { locate } from './next-hop.ts';

const target = (transport: Transport, address: string, port: number) => ({
  kind: 'target',
  target: { transport, address, port },
});
const name = (transport: Transport | undefined, secure = false, port?: number) => ({
  kind: 'name',
  host: 'pbx.example',
  port,
  transport,
  secure,
});

describe('what a URI says about its target', () => {
  it.each([
    ['sip:192.0.2.1', target('udp', '192.0.2.1', 5060)],
    ['sip:a@192.0.2.1:5070;transport=TCP', target('tcp', '192.0.2.1', 5070)],
    ['sip:[2001:db8::1]', target('udp', '2001:db8::1', 5060)],
    ['sip:[2001:db8::1]:5070;transport=ws', target('ws', '2001:db8::1', 5070)],
    ['sip:pbx.example;maddr=192.0.2.9', target('udp', '192.0.2.9', 5060)],
    ['sip:pbx.example', name(undefined)],
    ['sip:pbx.example:5070;transport=tls', name('tls', false, 5070)],
    ['sip:pbx.example;transport=sctp', name(undefined)],
    ['tel:+4930123', { kind: 'nowhere' }],
  ])('[RFC3263-4.2] %s', (uri, location) => {
    expect(locate(uri, 'udp')).toEqual(location);
  });

  it.each([
    ['sips:192.0.2.1', target('tls', '192.0.2.1', 5061)],
    ['sips:192.0.2.1;transport=tcp', target('tls', '192.0.2.1', 5061)],
    ['sips:192.0.2.1;transport=udp', target('tls', '192.0.2.1', 5061)],
    ['sips:192.0.2.1;transport=ws', target('wss', '192.0.2.1', 443)],
    ['sips:pbx.example', name(undefined, true)],
    ['sips:pbx.example;transport=tcp', name('tls', true)],
    ['sips:pbx.example;transport=udp', name('tls', true)],
  ])('[RFC3261-26.2.2] %s goes over TLS and nothing else', (uri, location) => {
    expect(locate(uri, 'udp')).toEqual(location);
  });
});

describe('our Contact', () => {
  const all = ['udp', 'tcp', 'tls', 'ws', 'wss'] as const;
  const local = new LocalAddresses(
    all.flatMap((transport) => [
      { transport, address: '192.0.2.1', port: 5060 },
      { transport, address: '2001:db8::1', port: 5060 },
    ]),
  );

  it.each(all)('[RFC3261-8.1.1.8] leads back over %s, in the family of the peer', (transport) => {
    for (const address of ['192.0.2.9', '2001:db8::9']) {
      const contact = local.contact({ transport, address }, 'alice').slice(1, -1);
      const back = address.includes(':') ? '2001:db8::1' : '192.0.2.1';
      expect(locate(contact, 'udp')).toEqual(target(transport, back, 5060));
    }
  });
});
