import { describe, expect, test } from 'vitest';
import type { ExtraHeaders, Flow } from '../endpoint/api.ts';
import { createRequest } from '../message/build.ts';
import { parseMessage } from '../message/parse.ts';
import type { SipRequest } from '../message/types.ts';
import { readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import { canonicalAor, Registrar } from './registrar.ts';

const FLOW: Flow = {
  transport: 'udp',
  address: '192.0.2.30',
  port: 5060,
  localAddress: '192.0.2.1',
  localPort: 5060,
};
const AOR = 'sip:101@pbx.example';

let cseqs = 0;

function register(
  contacts: readonly string[],
  options: { expires?: string; callId?: string; cseq?: number; to?: string; headers?: ExtraHeaders } = {},
): SipRequest {
  cseqs += 1;
  const headers: ExtraHeaders = [
    ...(options.headers ?? []),
    ...contacts.map((contact) => ['Contact', contact] as const),
    ...(options.expires === undefined ? [] : [['Expires', options.expires] as const]),
  ];
  return createRequest({
    method: 'REGISTER',
    uri: 'sip:pbx.example',
    from: '<sip:101@pbx.example>;tag=1',
    to: options.to ?? '<sip:101@pbx.example>',
    callId: options.callId ?? 'phone',
    cseq: options.cseq ?? cseqs,
    headers,
  });
}

function contactsOf(registrar: Registrar, now = 0): string[] {
  return registrar.lookup(AOR, now).map((binding) => binding.contact.uri);
}

describe('bindings', () => {
  test('[RFC3261-10.3] a contact is bound, listed with its lifetime and found with its flow', () => {
    const registrar = new Registrar();
    const result = registrar.process(
      register(['"A" <sip:101@192.0.2.30>;q=0.5'], { expires: '600' }),
      FLOW,
      1_000,
    );
    expect(result).toMatchObject({ status: 200, aor: AOR });
    expect(result.headers).toEqual([['Contact', '"A" <sip:101@192.0.2.30>;q=0.5;expires=600']]);
    const [binding] = registrar.lookup(AOR, 1_000);
    expect(binding).toMatchObject({ flow: FLOW, expiresAt: 601_000, q: 0.5 });
  });

  test('[RFC3261-10.2.3] without Contact the bindings are listed, with what is left of their life', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h1>', '<sip:b@h2>'], { expires: '600' }), FLOW, 0);
    expect(registrar.process(register([]), FLOW, 59_500).headers).toEqual([
      ['Contact', '<sip:a@h1>;expires=541'],
      ['Contact', '<sip:b@h2>;expires=541'],
    ]);
  });

  test('[RFC3261-10.2.1.2] preferred contacts come first, the oldest first among equals', () => {
    const registrar = new Registrar();
    registrar.process(
      register(['<sip:a@h>;q=0.1', '<sip:b@h>', '<sip:c@h>;q=0.9', '<sip:d@h>;q=1.0']),
      FLOW,
      0,
    );
    expect(contactsOf(registrar)).toEqual(['sip:b@h', 'sip:d@h', 'sip:c@h', 'sip:a@h']);
  });

  test('[RFC3261-10.3] the same contact, however spelt, is refreshed and moves to the new flow', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:101@Phone.Example;transport=TCP>']), FLOW, 0);
    const moved = { ...FLOW, port: 5_999 };
    registrar.process(
      register(['<sip:%3101@phone.example;transport=tcp>'.replace('%3101', '%31%30%31')]),
      moved,
      1_000,
    );
    expect(registrar.lookup(AOR, 1_000)).toMatchObject([{ flow: { port: 5_999 }, expiresAt: 3_601_000 }]);
  });

  test('[RFC3261-10.3-5] every spelling of an address of record finds the same bindings', () => {
    const registrar = new Registrar();
    const to = '"Anna" <sip:%31%30%31:pw@PBX.example:5060;user=phone?x=y>;tag=z';
    expect(registrar.process(register(['<sip:a@h>'], { to }), FLOW, 0).aor).toBe(AOR);
    expect(contactsOf(registrar)).toEqual(['sip:a@h']);
    expect(canonicalAor('sip:101@pbx.example:5070')).toBe('sip:101@pbx.example:5070');
    expect(canonicalAor('sips:[2001:DB8::1]')).toBe('sips:[2001:db8::1]');
    expect(canonicalAor('tel:101')).toBeUndefined();
  });

  test('a To that names no SIP address is answered 404', () => {
    expect(new Registrar().process(register([], { to: '<tel:101>' }), FLOW, 0).status).toBe(404);
  });
});

describe('lifetimes', () => {
  test.each([
    [['<sip:a@h>;expires=120'], '600', 120],
    [['<sip:a@h>'], '600', 600],
    [['<sip:a@h>'], undefined, 3_600],
    [['<sip:a@h>'], 'soon', 3_600],
    [['<sip:a@h>;expires=never'], '600', 3_600],
    [['<sip:a@h>;expires=99999999999999'], undefined, 7_200],
    [['<sip:a@h>'], '7201', 7_200],
  ])('[RFC3261-10.3-7] %s with Expires %s lives %i s', (contacts, expires, seconds) => {
    const registrar = new Registrar({ maxExpires: 7_200 });
    const result = registrar.process(register(contacts, expires === undefined ? {} : { expires }), FLOW, 0);
    expect(result.contacts[0]?.expiresAt).toBe(seconds * 1_000);
  });

  test('[RFC3261-10.3-7] too brief an interval is 423 with Min-Expires, and nothing changes', () => {
    const registrar = new Registrar();
    const result = registrar.process(register(['<sip:a@h>', '<sip:b@h>;expires=59']), FLOW, 0);
    expect(result).toMatchObject({ status: 423, headers: [['Min-Expires', '60']], contacts: [] });
    expect(registrar.size).toBe(0);
    expect(registrar.process(register(['<sip:a@h>;expires=60']), FLOW, 0).status).toBe(200);
  });

  test('a binding is gone when its time is over, also before anybody cleans up', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>;expires=60', '<sip:b@h>;expires=90']), FLOW, 0);
    expect(contactsOf(registrar, 59_999)).toEqual(['sip:a@h', 'sip:b@h']);
    expect(contactsOf(registrar, 60_000)).toEqual(['sip:b@h']);
  });

  test('expire gives what ended and says when to come again', () => {
    const registrar = new Registrar();
    expect(registrar.nextExpiry()).toBeUndefined();
    registrar.process(register(['<sip:b@h>;expires=90', '<sip:a@h>;expires=60']), FLOW, 0);
    expect(registrar.nextExpiry()).toBe(60_000);
    expect(registrar.expire(59_999)).toEqual([]);
    expect(registrar.expire(60_000)).toMatchObject([{ aor: AOR, binding: { contact: { uri: 'sip:a@h' } } }]);
    expect(registrar.nextExpiry()).toBe(90_000);
    expect(registrar.expire(90_000)).toHaveLength(1);
    expect([registrar.nextExpiry(), registrar.size]).toEqual([undefined, 0]);
  });

  test('an expired binding is no obstacle to its Call-ID and CSeq coming again', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>;expires=60'], { cseq: 9 }), FLOW, 0);
    expect(registrar.process(register(['<sip:a@h>'], { cseq: 1 }), FLOW, 60_000).status).toBe(200);
  });

  test('[RFC5626-6] a closed stream takes its bindings along', () => {
    const registrar = new Registrar();
    registrar.process(
      register(['<sip:a@h;transport=tcp>']),
      { ...FLOW, transport: 'tcp', connectionId: 'c1' },
      0,
    );
    registrar.process(register(['<sip:b@h>']), FLOW, 0);
    expect(registrar.closeFlow('c1')).toMatchObject([
      { binding: { contact: { uri: 'sip:a@h;transport=tcp' } } },
    ]);
    expect(contactsOf(registrar)).toEqual(['sip:b@h']);
  });
});

describe('removal', () => {
  test('[RFC3261-10.2.2] expires 0 removes one binding', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>', '<sip:b@h>']), FLOW, 0);
    expect(registrar.process(register(['<sip:a@h>;expires=0']), FLOW, 0).contacts).toHaveLength(1);
    expect(contactsOf(registrar)).toEqual(['sip:b@h']);
    expect(registrar.process(register(['<sip:unknown@h>'], { expires: '0' }), FLOW, 0).status).toBe(200);
  });

  test('[RFC3261-10.2.2] the star with Expires 0 removes all', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>', '<sip:b@h>']), FLOW, 0);
    expect(registrar.process(register(['*'], { expires: '0', callId: 'other' }), FLOW, 0)).toMatchObject({
      status: 200,
      headers: [],
    });
    expect(registrar.size).toBe(0);
  });

  test.each([
    [['*'], undefined],
    [['*'], '60'],
    [['*', '<sip:a@h>'], '0'],
    [['*', '*'], '0'],
  ])('[RFC3261-10.3-6] %s with Expires %s is 400, and nothing changes', (contacts, expires) => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>']), FLOW, 0);
    const request = register(contacts, expires === undefined ? {} : { expires });
    expect(registrar.process(request, FLOW, 0).status).toBe(400);
    expect(contactsOf(registrar)).toEqual(['sip:a@h']);
  });
});

describe('order', () => {
  test.each([5, 4])(
    '[RFC3261-10.3-7] the Call-ID of a binding with CSeq %i after 5 is out of order',
    (cseq) => {
      const registrar = new Registrar();
      registrar.process(register(['<sip:a@h>'], { cseq: 5 }), FLOW, 0);
      for (const contact of ['<sip:a@h>;expires=0', '<sip:a@h>']) {
        expect(registrar.process(register(['<sip:b@h>', contact], { cseq }), FLOW, 0).status).toBe(500);
      }
      expect(registrar.process(register(['*'], { cseq, expires: '0' }), FLOW, 0).status).toBe(500);
      expect(contactsOf(registrar)).toEqual(['sip:a@h']);
    },
  );

  test('[RFC3261-10.3-7] another Call-ID may have any CSeq: the phone has restarted', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>'], { cseq: 5 }), FLOW, 0);
    expect(
      registrar.process(register(['<sip:a@h>'], { cseq: 1, callId: 'new' }), FLOW, 0).contacts,
    ).toMatchObject([{ callId: 'new', cseq: 1 }]);
  });

  test('the same contact twice in one request is one binding, the later wins', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>;expires=60', '<sip:a@h>;expires=90']), FLOW, 0);
    expect(registrar.lookup(AOR, 0)).toMatchObject([{ expiresAt: 90_000 }]);
  });
});

describe('Path and Service-Route', () => {
  const path = [
    ['Path', '<sip:p2.example;lr>, <sip:p1.example;lr>'],
    ['Path', '<sips:p0.example;lr>'],
  ] as const;
  const hops = ['<sip:p2.example;lr>', '<sip:p1.example;lr>', '<sips:p0.example;lr>'];
  const supported = ['Supported', 'gruu, path'] as const;

  test('[RFC3327-5.3] Path is kept with the binding, in order, and given back to who can read it', () => {
    const registrar = new Registrar();
    const result = registrar.process(register(['<sip:a@h>'], { headers: [...path, supported] }), FLOW, 0);
    expect(result.headers).toEqual([
      ['Contact', '<sip:a@h>;expires=3600'],
      ...hops.map((hop) => ['Path', hop]),
    ]);
    expect(registrar.lookup(AOR, 0)[0]?.path).toEqual(hops);
    // Each REGISTER brings its own way.
    registrar.process(register(['<sip:a@h>'], { headers: [supported] }), FLOW, 0);
    expect(registrar.lookup(AOR, 0)[0]?.path).toEqual([]);
  });

  test('[RFC3327-5.3] each binding has the Path of its own REGISTER', () => {
    const registrar = new Registrar();
    registrar.process(register(['<sip:a@h>'], { headers: [...path, supported] }), FLOW, 0);
    registrar.process(register(['<sip:b@h>'], { headers: [supported] }), FLOW, 0);
    expect(registrar.lookup(AOR, 0).map((binding) => binding.path.length)).toEqual([3, 0]);
  });

  test.each([
    ['store', 200, undefined],
    [420, 420, ['Unsupported', 'path']],
    [421, 421, ['Require', 'path']],
  ] as const)('[RFC3327-5.3] Path of who does not support it: %s', (pathWithoutSupport, status, header) => {
    const registrar = new Registrar({ pathWithoutSupport });
    const result = registrar.process(register(['<sip:a@h>'], { headers: path }), FLOW, 0);
    expect(result.status).toBe(status);
    expect(result.headers.filter(([name]) => name !== 'Contact')).toEqual(
      header === undefined ? [] : [header],
    );
    expect(registrar.lookup(AOR, 0).map((binding) => binding.path)).toEqual(status === 200 ? [hops] : []);
    expect(registrar.process(register(['<sip:a@h>']), FLOW, 0).status).toBe(200);
    const able = register(['<sip:b@h>'], { headers: [...path, ['Require', 'Path']] });
    expect(registrar.process(able, FLOW, 0).status).toBe(200);
  });

  test('[RFC3327-4] a Path that is no list of hops is 400, and nothing changes', () => {
    const registrar = new Registrar();
    const request = register(['<sip:a@h>'], { headers: [['Path', 'sip:p1;lr'], supported] });
    expect(registrar.process(request, FLOW, 0).status).toBe(400);
    expect(registrar.size).toBe(0);
  });

  test('[RFC3261-10.3-2] what else a REGISTER demands is refused with 420', () => {
    const request = register(['<sip:a@h>'], { headers: [['Require', 'path, gruu, x-new']] });
    expect(new Registrar().process(request, FLOW, 0)).toMatchObject({
      status: 420,
      headers: [['Unsupported', 'gruu, x-new']],
      contacts: [],
    });
  });

  test('[RFC3608-6.3] Service-Route goes into each 200 that leaves something bound', () => {
    const serviceRoute = ['<sip:s1.example;lr>', '<sip:s2.example;lr>'];
    const registrar = new Registrar({ serviceRoute });
    const given = (contact: string) =>
      registrar
        .process(register([contact]), FLOW, 0)
        .headers.filter(([name]) => name === 'Service-Route')
        .map(([, value]) => value);
    expect(given('<sip:a@h>')).toEqual(serviceRoute);
    expect(given('<sip:a@h>;expires=0')).toEqual([]);
  });

  test('[RFC3261-10.3-7] nobody is refused who wishes for an hour', () => {
    const registrar = new Registrar({ minExpires: 7_200 });
    expect(registrar.process(register(['<sip:a@h>;expires=3599']), FLOW, 0)).toMatchObject({
      status: 423,
      headers: [['Min-Expires', '3600']],
    });
    expect(registrar.process(register(['<sip:a@h>;expires=3600']), FLOW, 0).status).toBe(200);
  });
});

describe('bounds', () => {
  test('contacts of one address of record', () => {
    const registrar = new Registrar({ bindingsPerAor: 2 });
    expect(registrar.process(register(['<sip:a@h>', '<sip:b@h>', '<sip:c@h>']), FLOW, 0).status).toBe(403);
    expect(registrar.process(register(['<sip:a@h>', '<sip:b@h>']), FLOW, 0).status).toBe(200);
    expect(registrar.process(register(['<sip:c@h>']), FLOW, 0).status).toBe(403);
    expect(registrar.process(register(['<sip:c@h>', '<sip:a@h>;expires=0']), FLOW, 0).status).toBe(200);
    expect(contactsOf(registrar)).toEqual(['sip:b@h', 'sip:c@h']);
  });

  test('addresses of record', () => {
    const registrar = new Registrar({ aors: 1 });
    expect(registrar.process(register(['<sip:a@h>']), FLOW, 0).status).toBe(200);
    expect(registrar.process(register(['<sip:a@h>'], { to: '<sip:102@pbx.example>' }), FLOW, 0).status).toBe(
      503,
    );
    expect(registrar.process(register([], { to: '<sip:102@pbx.example>' }), FLOW, 0).status).toBe(200);
    expect(registrar.process(register(['<sip:b@h>']), FLOW, 0).status).toBe(200);
  });

  test.each(['<sip:a@h>;q=1.1', '<sip:a@h>;q=x', 'nonsense', '<sip:>'])('%s is 400', (contact) => {
    expect(new Registrar().process(register([contact]), FLOW, 0).status).toBe(400);
  });
});

function processVector(path: string) {
  const request = parseMessage(readVector(path));
  if (request.kind !== 'request') throw new Error('no request');
  return new Registrar().process(request, FLOW, 0);
}

describe.skipIf(vectorsAbsent('rfc4475') || vectorsAbsent('deskphone'))('messages from elsewhere', () => {
  test('[RFC4475-3.1.1.4] escnull: an escaped zero octet does not end a user part', () => {
    expect(processVector('rfc4475/escnull.dat').contacts.map(({ contact }) => contact.uri)).toEqual([
      'sip:%00@host5.example.com',
      'sip:%00%00@host5.example.com',
    ]);
  });

  test('[RFC4475-3.3.12] cparam01: an unknown contact parameter stays with the binding', () => {
    expect(processVector('rfc4475/cparam01.dat').headers).toEqual([
      ['Contact', '<sip:+19725552222@gw1.example.net>;unknownparam;expires=3600'],
    ]);
  });

  test('[RFC4475-3.3.13] cparam02: an unknown URI parameter is part of the address', () => {
    expect(processVector('rfc4475/cparam02.dat').contacts[0]?.contact.uri).toBe(
      'sip:+19725552222@gw1.example.net;unknownparam',
    );
  });

  test('[RFC4475-3.3.14] regescrt: escaped headers of a Contact URI stay', () => {
    expect(processVector('rfc4475/regescrt.dat').contacts[0]?.contact.uri).toBe(
      'sip:user@example.com?Route=%3Csip:sip.example.com%3E',
    );
  });

  test('[RFC4475-3.1.2.13] regbadct: an ambiguous Contact is refused', () => {
    expect(processVector('rfc4475/regbadct.dat').status).toBe(400);
  });

  test('[RFC4475-3.3.4] unksm2: an address of record of an unknown scheme is nobody here', () => {
    expect(processVector('rfc4475/unksm2.dat').status).toBe(404);
  });

  test.each(['yealink-t27', 'polycom-vvx350'])('%s is registered', (phone) => {
    expect(processVector(`deskphone/${phone}-register.sip`)).toMatchObject({ status: 200, contacts: [{}] });
  });
});
