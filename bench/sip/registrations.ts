import { createResponse, parseMessage, Registrar, serialise, SipEndpoint } from '@offhook/sip';
import type { Flow, SipRequest } from '@offhook/sip';
import { SeededRandom } from '@offhook/testkit';
import { heldBytes } from './memory.ts';
import { runMeasure } from './measure.ts';
import { row } from './statistics.ts';

/**
 * Memory of 10,000 idle registrations of a user agent (each with its credentials, its digest state and its refresh timer),
 * when all transactions are over; and of as many bindings in a registrar.
 */
const count = 10_000;
const there = { transport: 'udp', address: '192.0.2.2', port: 5060 } as const;
const here = { transport: 'udp', address: '192.0.2.1', port: 5060 } as const;
const flow: Flow = { ...there, localAddress: here.address, localPort: here.port };
const start = 1_000_000;
/** After timer K of the last REGISTER, long before its refresh. */
const idle = start + 60_000;

await runMeasure(({ runs }) => {
  const bytes: { agent: number[]; registrar: number[] } = { agent: [], registrar: [] };
  for (let run = 0; run < runs; run += 1) {
    bytes.agent.push(userAgentRegistration(run));
    bytes.registrar.push(registrarBinding());
  }
  return [
    row('registration_bytes', 'user agent: an idle registration', 'bytes', bytes.agent),
    row('registrar_binding_bytes', 'registrar: a binding', 'bytes', bytes.registrar),
  ];
});

function userAgentRegistration(seed: number): number {
  const before = heldBytes();
  const endpoint = new SipEndpoint({ random: new SeededRandom(seed).bytes, product: 'Bench', local: [here] });
  for (let index = 0; index < count; index += 1) {
    endpoint.register(
      {
        registrar: 'sip:pbx.example.com',
        aor: `sip:${index}@pbx.example.com`,
        contactUser: `${index}`,
        expires: 3_600,
        credentials: { username: `${index}`, password: `password-${index}` },
        target: there,
      },
      start,
    );
    answerRegisters(endpoint);
  }
  endpoint.handle({ kind: 'tick' }, idle);
  drain(endpoint);
  const { registrations, transactions } = endpoint.counts();
  if (registrations !== count || transactions !== 0) throw new Error('the registrations are not idle');
  return (heldBytes() - before) / endpoint.counts().registrations;
}

/** Challenges the first REGISTER of each and accepts the second, as a registrar does. */
function answerRegisters(endpoint: SipEndpoint): void {
  for (const request of drain(endpoint)) {
    const isAuthorised = request.headers.some(({ name }) => name === 'authorization');
    const contact = request.headers.find(({ name }) => name === 'contact')?.value ?? '';
    const response = isAuthorised
      ? createResponse(request, 200, undefined, {
          toTag: 'x',
          headers: [['Contact', `${contact};expires=3600`]],
        })
      : createResponse(request, 401, undefined, {
          toTag: 'x',
          headers: [
            [
              'WWW-Authenticate',
              'Digest realm="pbx.example.com", nonce="MTcyOTg0NjAxMjphYmNk", algorithm=MD5, qop="auth"',
            ],
          ],
        });
    endpoint.handle({ kind: 'received', flow, bytes: serialise(response) }, start);
    answerRegisters(endpoint);
  }
}

function drain(endpoint: SipEndpoint): SipRequest[] {
  const requests: SipRequest[] = [];
  for (let effect = endpoint.poll(); effect !== undefined; effect = endpoint.poll()) {
    if (effect.kind !== 'send') continue;
    const message = parseMessage(effect.bytes);
    if (message.kind === 'request') requests.push(message);
  }
  return requests;
}

function registrarBinding(): number {
  const before = heldBytes();
  const registrar = new Registrar();
  for (let index = 0; index < count; index += 1) {
    const request = parseMessage(registerOf(index));
    if (request.kind !== 'request') throw new Error('the REGISTER was not read');
    if (registrar.process(request, { ...flow }, start).status !== 200) throw new Error('not registered');
  }
  const bytes = (heldBytes() - before) / count;
  // Asked after the measure, so that it is alive during it.
  if (registrar.lookup('sip:0@pbx.example.com', start).length !== 1) throw new Error('nothing is bound');
  return bytes;
}

function registerOf(index: number): Uint8Array {
  return new TextEncoder().encode(
    [
      'REGISTER sip:pbx.example.com SIP/2.0',
      `Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK-${index};rport`,
      'Max-Forwards: 70',
      `From: <sip:${index}@pbx.example.com>;tag=${index}`,
      `To: <sip:${index}@pbx.example.com>`,
      `Call-ID: 384827629822018851-${index}@192.0.2.2`,
      'CSeq: 1 REGISTER',
      `Contact: <sip:${index}@192.0.2.2:5060>;expires=3600`,
      'User-Agent: DeskPhone T27/69.86.0.15',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}
