import { describe, expect, test } from 'vitest';
import { createRequest, createResponse, withHeader } from '../message/build.ts';
import { header, headerFields } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { DigestClient } from './client.ts';
import { digestHa1, digestResponse } from './digest.ts';
import { parseAuthorization } from './fields.ts';

const CREDENTIALS = { username: 'bob', password: 'zanzibar' };

function counting(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => new Uint8Array(length).fill((next += 1));
}

function register(cseq = 1): SipRequest {
  return createRequest({
    method: 'REGISTER',
    uri: 'sip:biloxi.example',
    from: '<sip:bob@biloxi.example>;tag=1',
    to: '<sip:bob@biloxi.example>',
    callId: 'x',
    cseq,
  });
}

function challenged(request: SipRequest, ...challenges: readonly string[]): SipResponse {
  return createResponse(request, 401, undefined, {
    headers: challenges.map((value) => ['WWW-Authenticate', `Digest ${value}`]),
  });
}

function sent(request: SipRequest, name = 'authorization') {
  const authorization = parseAuthorization(header(request, name) ?? '');
  if (authorization === undefined) throw new Error('no credentials');
  return authorization;
}

describe('DigestClient', () => {
  test('before a challenge a request has no credentials', () => {
    const request = register();
    expect(new DigestClient(CREDENTIALS, counting()).authorise(request).headers).toEqual(request.headers);
  });

  test('[RFC3261-22.2] a 401 is answered with the right response', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    const response = challenged(
      register(),
      'realm="r", nonce="n1", opaque="o", qop="auth", algorithm=SHA-256',
    );
    expect(client.handleResponse(register(), response)).toEqual({ kind: 'retry' });
    const authorization = sent(client.authorise(register(2)));
    const protection = { qop: 'auth' as const, nc: '00000001', cnonce: '01'.repeat(16) };
    expect(authorization).toMatchObject({
      username: 'bob',
      realm: 'r',
      nonce: 'n1',
      opaque: 'o',
      protection,
    });
    expect(authorization.response).toBe(
      digestResponse({
        algorithm: 'SHA-256',
        ha1: digestHa1('SHA-256', 'bob', 'r', 'zanzibar'),
        nonce: 'n1',
        method: 'REGISTER',
        uri: 'sip:biloxi.example',
        protection,
      }),
    );
  });

  test('[RFC7616-3.4] a nonce is used again with a rising count and another cnonce', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1", qop="auth"'));
    const uses = [1, 2, 3].map(() => sent(client.authorise(register())).protection);
    expect(uses.map((use) => use?.nc)).toEqual(['00000001', '00000002', '00000003']);
    expect(new Set(uses.map((use) => use?.cnonce)).size).toBe(3);
  });

  test('[RFC7616-3.4.2] with -sess the cnonce stays while the nonce does', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    const ask = (nonce: string) =>
      client.handleResponse(
        register(),
        challenged(register(), `realm="r", nonce="${nonce}", qop="auth", algorithm=SHA-256-sess`),
      );
    ask('n1');
    const uses = [1, 2].map(() => sent(client.authorise(register())));
    expect(uses.map(({ protection }) => protection?.nc)).toEqual(['00000001', '00000002']);
    const [first, second] = uses.map(({ protection }) => protection?.cnonce);
    expect(second).toBe(first);
    ask('n2');
    expect(sent(client.authorise(register())).protection?.cnonce).not.toBe(first);
  });

  test.each([
    'INVITE',
    'BYE',
    'PRACK',
    'UPDATE',
    'REFER',
    'SUBSCRIBE',
    'NOTIFY',
    'MESSAGE',
    'INFO',
    'PUBLISH',
    'OPTIONS',
    'X-OWN',
  ])('[RFC3261-22.2] any method is hashed as itself: %s', (method) => {
    const client = new DigestClient(CREDENTIALS, counting());
    const request = { ...register(), method };
    client.handleResponse(request, challenged(request, 'realm="r", nonce="n", qop="auth"'));
    const authorization = sent(client.authorise(request));
    expect(authorization.response).toBe(
      digestResponse({ ...authorization, ha1: digestHa1('MD5', 'bob', 'r', 'zanzibar'), method }),
    );
  });

  test('[RFC7616-3.4.4] where userhash is asked for, the name goes as its hash and is hashed as it is', () => {
    const client = new DigestClient({ username: 'Jäsøn Doe', password: 'p' }, counting());
    const asked = 'realm="api@example.org", nonce="n", qop="auth", algorithm=SHA-512-256';
    client.handleResponse(register(), challenged(register(), `${asked}, userhash=true`));
    const hashed = sent(client.authorise(register()));
    expect(hashed).toMatchObject({
      userhash: true,
      username: '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    });
    expect(hashed.response).toBe(
      digestResponse({
        ...hashed,
        ha1: digestHa1('SHA-512-256', 'Jäsøn Doe', 'api@example.org', 'p'),
        method: 'REGISTER',
      }),
    );
    client.handleResponse(register(), challenged(register(), asked));
    const plain = sent(client.authorise(register()));
    expect(plain.username).toBe('Jäsøn Doe');
    expect(plain).not.toHaveProperty('userhash');
  });

  test('[RFC8760-2.4] of several algorithms the strongest known one is taken', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    const response = challenged(
      register(),
      'realm="r", nonce="a", algorithm=MD5',
      'realm="r", nonce="b", algorithm=SHA-256',
      'realm="r", nonce="c", algorithm=SHA-3',
    );
    expect(client.handleResponse(register(), response).kind).toBe('retry');
    expect(headerFields(client.authorise(register()), 'authorization')).toHaveLength(1);
    expect(sent(client.authorise(register()))).toMatchObject({ nonce: 'b', algorithm: 'SHA-256' });
  });

  test('[RFC3261-22.3] proxies and the registrar are answered side by side', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1"'));
    const proxied = createResponse(register(), 407, undefined, {
      headers: [
        ['Proxy-Authenticate', 'Digest realm="p1", nonce="a"'],
        ['Proxy-Authenticate', 'Digest realm="p2", nonce="b"'],
      ],
    });
    expect(client.handleResponse(client.authorise(register()), proxied).kind).toBe('retry');
    const request = client.authorise(register());
    const nonces = headerFields(request, 'proxy-authorization').map(
      (value) => parseAuthorization(value)?.nonce,
    );
    expect([sent(request).nonce, ...nonces]).toEqual(['n1', 'a', 'b']);
  });

  test('[RFC7616-3.4.3] auth-int only where nothing else is offered, over the body', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n", qop="auth-int,auth"'));
    expect(sent(client.authorise(register())).protection?.qop).toBe('auth');
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n", qop="auth-int"'));
    const withBody = (text: string) => ({ ...register(), body: Buffer.from(text) });
    const first = sent(client.authorise(withBody('a')));
    expect(first.protection?.qop).toBe('auth-int');
    expect(first.response).toBe(
      digestResponse({
        ...first,
        ha1: digestHa1('MD5', 'bob', 'r', 'zanzibar'),
        method: 'REGISTER',
        body: Buffer.from('a'),
      }),
    );
  });

  test('[RFC3261-22.2] the same credentials refused: gives up', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1", qop="auth"'));
    const authorised = client.authorise(register());
    expect(
      client.handleResponse(authorised, challenged(authorised, 'realm="r", nonce="n2", qop="auth"')),
    ).toEqual({
      kind: 'refused',
    });
  });

  test('[RFC7616-3.3] stale=true is no refusal, but not for ever', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n0"'));
    const outcomes = [1, 2, 3, 4].map((round) => {
      const authorised = client.authorise(register());
      return client.handleResponse(
        authorised,
        challenged(authorised, `realm="r", nonce="n${round}", stale=true`),
      ).kind;
    });
    expect(outcomes).toEqual(['retry', 'retry', 'retry', 'refused']);
  });

  test('a nonce that worked and is refused later has aged, even if the server does not say stale', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1"'));
    const first = client.authorise(register());
    expect(client.handleResponse(first, createResponse(first, 200)).kind).toBe('none');
    const second = client.authorise(register());
    expect(client.handleResponse(second, challenged(second, 'realm="r", nonce="n2"')).kind).toBe('retry');
    const third = client.authorise(register());
    expect(sent(third).nonce).toBe('n2');
    expect(client.handleResponse(third, challenged(third, 'realm="r", nonce="n3"')).kind).toBe('refused');
  });

  test('two requests at once, both challenged, are both answered', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    expect(client.handleResponse(register(1), challenged(register(1), 'realm="r", nonce="a"')).kind).toBe(
      'retry',
    );
    client.authorise(register(1));
    expect(client.handleResponse(register(2), challenged(register(2), 'realm="r", nonce="b"')).kind).toBe(
      'retry',
    );
  });

  test('[RFC7616-3.5] nextnonce is used from the next request on', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1", qop="auth"'));
    const first = client.authorise(register());
    client.handleResponse(
      first,
      withHeader(createResponse(first, 200), 'Authentication-Info', 'nextnonce="n2"'),
    );
    expect(sent(client.authorise(register()))).toMatchObject({ nonce: 'n2', protection: { nc: '00000001' } });
  });

  test('a nextnonce that has aged before its use is no refusal either', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1"'));
    const first = client.authorise(register());
    client.handleResponse(
      first,
      withHeader(createResponse(first, 200), 'Authentication-Info', 'nextnonce="n2"'),
    );
    const second = client.authorise(register());
    expect(client.handleResponse(second, challenged(second, 'realm="r", nonce="n3"')).kind).toBe('retry');
  });

  test('credentials of an earlier attempt are replaced, not added to', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    client.handleResponse(register(), challenged(register(), 'realm="r", nonce="n1"'));
    const twice = client.authorise(client.authorise(register()));
    expect(headerFields(twice, 'authorization')).toHaveLength(1);
  });

  test.each([['Basic realm="r"'], ['Digest realm="r", nonce="n", algorithm=SHA-3'], ['nonsense']])(
    '%s alone is unsupported',
    (value) => {
      const response = withHeader(createResponse(register(), 401), 'WWW-Authenticate', value);
      expect(new DigestClient(CREDENTIALS, counting()).handleResponse(register(), response)).toEqual({
        kind: 'unsupported',
      });
    },
  );

  test('a server cannot fill the memory with realms', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    for (let realm = 0; realm < 100; realm += 1) {
      client.handleResponse(register(), challenged(register(), `realm="${realm}", nonce="n"`));
    }
    expect(headerFields(client.authorise(register()), 'authorization').length).toBeLessThanOrEqual(8);
    const many = Array.from({ length: 9 }, (_, realm) => `realm="${realm}", nonce="n"`);
    expect(client.handleResponse(register(), challenged(register(), ...many)).kind).toBe('unsupported');
  });

  test('provisional responses change nothing', () => {
    const client = new DigestClient(CREDENTIALS, counting());
    expect(client.handleResponse(register(), createResponse(register(), 180)).kind).toBe('none');
  });
});
