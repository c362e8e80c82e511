import type { PeerCertificate } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { identityProblem } from './tls-identity.ts';

function certificate(subjectaltname: string | undefined, CN = 'common.example') {
  const subject = { CN } as PeerCertificate['subject'];
  return { subject, ...(subjectaltname !== undefined && { subjectaltname }) };
}

const isFor = (wanted: string, names: string | undefined, wildcards = false): boolean =>
  identityProblem(wanted, certificate(names), { wildcards }) === undefined;

describe('whom a certificate is for', () => {
  it('[RFC5922-7.1] the SIP URIs of subjectAltName, and then no DNS name', () => {
    const names = 'DNS:host.example, URI:sip:example.com, URI:sip:other.example;lr';
    expect(isFor('example.com', names)).toBe(true);
    expect(isFor('other.example', names)).toBe(true);
    expect(isFor('host.example', names)).toBe(false);
  });

  it('[RFC5922-7.1] URIs with a user part or of another scheme name no domain', () => {
    expect(isFor('example.com', 'URI:sip:alice@example.com')).toBe(false);
    expect(isFor('example.com', 'URI:https://example.com, DNS:example.com')).toBe(true);
  });

  it('[RFC5922-7.1] DNS names where there is no SIP URI; the common name only without either', () => {
    expect(isFor('pbx.example', 'DNS:other.example, DNS:pbx.example')).toBe(true);
    expect(isFor('common.example', 'DNS:other.example')).toBe(false);
    expect(isFor('common.example', undefined)).toBe(true);
  });

  it('[RFC5922-7.2] case does not matter, nor a final dot; parts of names do not count', () => {
    expect(isFor('PBX.example.', 'DNS:pbx.EXAMPLE')).toBe(true);
    expect(isFor('sip.example.com', 'DNS:example.com')).toBe(false);
    expect(isFor('example.com', 'DNS:sip.example.com')).toBe(false);
    expect(isFor('bücher.example', 'DNS:xn--bcher-kva.example')).toBe(true);
  });

  it('[RFC5922-7.2] wildcards do not count, unless the operator lets them: one label, not a whole top-level domain', () => {
    expect(isFor('pbx.example.com', 'DNS:*.example.com')).toBe(false);
    expect(isFor('pbx.example.com', 'DNS:*.example.com', true)).toBe(true);
    expect(isFor('a.pbx.example.com', 'DNS:*.example.com', true)).toBe(false);
    expect(isFor('example.com', 'DNS:*.com', true)).toBe(false);
    expect(isFor('example.com', 'DNS:*.example.com', true)).toBe(false);
  });

  it('addresses match addresses, in any spelling, and no name', () => {
    expect(isFor('192.0.2.1', 'IP Address:192.0.2.1')).toBe(true);
    expect(isFor('2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1')).toBe(true);
    expect(isFor('192.0.2.1', 'DNS:192.0.2.1')).toBe(false);
    expect(isFor('192.0.2.1', undefined)).toBe(false);
  });

  it('a value with a comma in it does not pass for two', () => {
    expect(isFor('victim.example', 'DNS:"evil.example, DNS:victim.example"')).toBe(false);
    expect(isFor('victim.example', 'URI:"sip:evil.example, DNS:victim.example", DNS:x.example')).toBe(false);
  });

  it('what is wrong is said with the names that it has', () => {
    const wrong = identityProblem('pbx.example', certificate('DNS:a.example, DNS:b.example'));
    expect(wrong).toContain('is for a.example, b.example, not for pbx.example');
    expect(identityProblem('pbx.example.com', certificate('DNS:*.example.com'))).toContain('RFC 5922');
  });
});
