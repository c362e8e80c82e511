import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerTo, callPeer, here, Lab, requestFromPeer, there } from '../simulation/lab.test-support.ts';
import { endpointLimits } from './limits.ts';

const root = path.join(import.meta.dirname, '..');
const tests = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(path.join(root, name), 'utf8'));

describe('every bound of the endpoint', () => {
  it.each(endpointLimits)('%s: a test meets it, and the operator can read what it means', (limit) => {
    expect(tests.some((text) => new RegExp(`\\blimits.*\\b${limit}\\b`).test(text))).toBe(true);
    const manual = readFileSync(path.join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
    expect(manual).toContain(`| \`${limit}\` |`);
  });
});

describe('bounds that are counted', () => {
  it('forks of one call', () => {
    const lab = new Lab({ limits: { forksPerInvite: 1 } });
    const { invite } = callPeer(lab);
    for (const tag of ['one', 'two', 'three']) lab.receive(answerTo(invite, 180, { tag }));
    expect(lab.endpoint.counts()).toMatchObject({ dialogs: 1, limits: { forks: 2 } });
  });

  it('sessions', () => {
    const lab = new Lab({ limits: { sessions: 1 } });
    lab.receive(requestFromPeer(lab, 'INVITE', { callId: 'one', body: 'offer' }));
    lab.receive(requestFromPeer(lab, 'INVITE', { callId: 'two', body: 'offer' }));
    expect(lab.takeSent()).toContain('503 INVITE');
    expect(lab.endpoint.counts()).toMatchObject({ sessions: 1, limits: { sessions: 1 } });
  });

  it('the time for a message on a stream', () => {
    const lab = new Lab();
    const stream = { transport: 'tcp', ...there, localAddress: here.address, localPort: here.port } as const;
    lab.receive('OPTIONS sip:alice@192.0.2.1 SIP/2.0\n', { ...stream, connectionId: 'slow' });
    lab.advance(30_000);
    expect(lab.endpoint.counts()).toMatchObject({ limits: { message_time: 1 }, timers: 0 });
  });

  it('octets and headers of a message', () => {
    const lab = new Lab();
    const headers = Array.from({ length: 1_000 }, (_, index) => `X-${index}: y`);
    lab.receive(requestFromPeer(lab, 'OPTIONS', { headers }));
    lab.receive(requestFromPeer(lab, 'OPTIONS', { headers: [`X: ${'y'.repeat(100_000)}`] }));
    expect(lab.endpoint.counts()).toMatchObject({ limits: { message_size: 2 }, malformed: 2 });
  });

  it('targets that have failed', () => {
    const lab = new Lab();
    const attempts = 1_003;
    for (let index = 0; index < attempts; index += 1) {
      const target = {
        transport: 'udp',
        address: `198.51.${index >> 8}.${index & 255}`,
        port: 5060,
      } as const;
      lab.run((sip, now) => {
        sip.request({ method: 'OPTIONS', to: 'sip:x.example', from: 'sip:y.example', target }, now);
        sip.handle({ kind: 'transport_error', target, text: 'unreachable' }, now);
      });
    }
    expect(lab.endpoint.counts().limits.failed_targets).toBe(attempts - 1_000);
  });
});
