import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRequest, createResponse, withHeader, withHeaderSet } from '../message/build.ts';
import { header } from '../message/headers.ts';
import { parseMessage } from '../message/parse.ts';
import type { SipRequest } from '../message/types.ts';
import { readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import { DigestClient } from './client.ts';
import { digestHa1, digestResponse, digestUserHash } from './digest.ts';
import type { DigestHash } from './digest.ts';
import { formatAuthorization, parseAuthorization, parseChallenge } from './fields.ts';
import { Nonces } from './nonces.ts';
import { DigestServer } from './server.ts';
import type { DigestSecret, DigestServerOptions, DigestVerdict } from './server.ts';

let drawn = 0;
/** Different octets at every call, the same in every run. At most 32. */
function random(length: number): Uint8Array {
  drawn += 1;
  return createHash('sha256').update(String(drawn)).digest().subarray(0, length);
}

const REALM = 'pbx.example';
const SECRETS: ReadonlyMap<string, DigestSecret> = new Map<string, DigestSecret>([
  ['101', { kind: 'password', password: 's3crét' }],
  ['102', { kind: 'ha1', ha1: { MD5: digestHa1('MD5', '102', REALM, 'two') } }],
]);
const find = (username: string) => SECRETS.get(username);

function register(body = ''): SipRequest {
  return createRequest({
    method: 'REGISTER',
    uri: `sip:${REALM}`,
    from: '<sip:101@pbx.example>;tag=1',
    to: '<sip:101@pbx.example>',
    callId: 'x',
    cseq: 1,
    body: { contentType: 'text/plain', bytes: Buffer.from(body) },
  });
}

/** A client that knows a password and has taken in the server's challenge. */
function setUp(
  options: Partial<DigestServerOptions> = {},
  credentials = { username: '101', password: 's3crét' },
) {
  const server = new DigestServer({ realm: REALM, random, ...options });
  const client = new DigestClient(credentials, random);
  const status = options.role === 'proxy' ? 407 : 401;
  const takeIn = (request: SipRequest, verdict: DigestVerdict) => {
    const headers = verdict.kind === 'malformed' ? [] : verdict.headers;
    return client.handleResponse(request, createResponse(request, status, undefined, { headers })).kind;
  };
  takeIn(register(), server.verify(register(), find, 0));
  return {
    server,
    client,
    takeIn,
    verify: (request: SipRequest, now = 0) => server.verify(request, find, now),
  };
}

function why(verdict: DigestVerdict): string {
  return verdict.kind === 'challenge' ? verdict.why : verdict.kind;
}

function nonceOf(server: DigestServer): string {
  return parseChallenge(server.challenge(0)[0]?.[1] ?? '')?.nonce ?? '';
}

/** A request with the credentials of RFC 2069. */
function withoutQop(nonce: string): SipRequest {
  const client = new DigestClient({ username: '101', password: 's3crét' }, random);
  const challenge = `Digest realm="${REALM}", nonce="${nonce}"`;
  client.handleResponse(
    register(),
    withHeader(createResponse(register(), 401), 'WWW-Authenticate', challenge),
  );
  return client.authorise(register());
}

function nonces(maxTracked = 3): Nonces {
  return new Nonces({ random, lifetime: 1_000, maxTracked });
}

const userOfHash = (hash: string, name: DigestHash) =>
  [...SECRETS.keys()].find((username) => digestUserHash(name, username, REALM) === hash);

describe('DigestServer', () => {
  test('[RFC8760-2.3] a request without credentials is challenged, the strongest algorithm first', () => {
    const verdict = new DigestServer({ realm: REALM, random }).verify(register(), find, 0);
    if (verdict.kind !== 'challenge') throw new Error('not challenged');
    const challenges = verdict.headers.map(([name, value]) => [name, parseChallenge(value)?.algorithm]);
    expect([verdict.status, verdict.why]).toEqual([401, 'absent']);
    expect(challenges).toEqual([
      ['WWW-Authenticate', 'SHA-256'],
      ['WWW-Authenticate', 'MD5'],
    ]);
  });

  test.each([
    [['SHA-512-256']],
    [['SHA-512-256-sess']],
    [['SHA-256']],
    [['SHA-256-sess']],
    [['MD5']],
    [['MD5-sess']],
  ] as const)('[RFC7616-3.4] accepts the right password: %s', (algorithms) => {
    const { client, verify } = setUp({ algorithms });
    expect(verify(client.authorise(register()))).toEqual({
      kind: 'accepted',
      username: '101',
      headers: [],
    });
  });

  test.each(['SHA-256', 'MD5-sess'] as const)(
    '[RFC7616-3.4.4] %s with userhash: the name is found by its hash, and may come as it is, too',
    (algorithm) => {
      const { client, verify } = setUp({ algorithms: [algorithm], userOfHash });
      const request = client.authorise(register());
      expect(header(request, 'authorization')).not.toContain('"101"');
      expect(verify(request)).toMatchObject({ kind: 'accepted', username: '101' });
      const plain = setUp({ algorithms: [algorithm] });
      expect(why(plain.verify(plain.client.authorise(register())))).toBe('accepted');
      const stranger = setUp({ algorithms: [algorithm], userOfHash }, { username: '999', password: '' });
      expect(why(stranger.verify(stranger.client.authorise(register())))).toBe('refused');
    },
  );

  test('[RFC7616-3.4.4] a hash that was not asked for is nobody', () => {
    const { client, verify } = setUp();
    const request = client.authorise(register());
    const authorization = parseAuthorization(header(request, 'authorization') ?? '');
    if (authorization === undefined) throw new Error('no credentials');
    const hashed = formatAuthorization({ ...authorization, userhash: true });
    expect(why(verify(withHeaderSet(request, 'Authorization', hashed)))).toBe('refused');
  });

  test('[RFC7616-3.4.2] -sess without a cnonce is not accepted, whatever is allowed', () => {
    const { server, verify } = setUp({ algorithms: ['MD5-sess'], allowWithoutQop: true });
    const authorization = {
      username: '101',
      realm: REALM,
      nonce: nonceOf(server),
      uri: `sip:${REALM}`,
      algorithm: 'MD5-sess' as const,
    };
    const response = digestResponse({
      ...authorization,
      ha1: digestHa1('MD5', '101', REALM, 's3crét'),
      method: 'REGISTER',
    });
    const text = formatAuthorization({ ...authorization, response });
    expect(why(verify(withHeader(register(), 'Authorization', text)))).toBe('refused');
  });

  test('[RFC3261-22.3] as a proxy', () => {
    const { client, verify, server } = setUp({ role: 'proxy' });
    expect(server.challenge(0).map(([name]) => name)).toContain('Proxy-Authenticate');
    const request = client.authorise(register());
    expect(header(request, 'authorization')).toBeUndefined();
    expect(why(verify(request))).toBe('accepted');
    expect(verify(register())).toMatchObject({ status: 407, why: 'absent' });
  });

  test('a stored HA1 does as well as the password, for its own hash alone', () => {
    const credentials = { username: '102', password: 'two' };
    const md5 = setUp({ algorithms: ['MD5'] }, credentials);
    expect(why(md5.verify(md5.client.authorise(register())))).toBe('accepted');
    const sha = setUp({ algorithms: ['SHA-256'] }, credentials);
    expect(why(sha.verify(sha.client.authorise(register())))).toBe('refused');
  });

  test.each([
    ['a wrong password', { username: '101', password: 'wrong' }],
    ['an unknown user', { username: '999', password: 's3crét' }],
    ['an unknown user without a password', { username: '999', password: '' }],
  ])('refuses %s, and the client gives up', (_, credentials) => {
    const { client, verify, takeIn } = setUp({}, credentials);
    const request = client.authorise(register());
    const verdict = verify(request);
    expect(why(verdict)).toBe('refused');
    expect(takeIn(request, verdict)).toBe('refused');
  });

  test.each([
    ['method', (request: SipRequest) => ({ ...request, method: 'INVITE' })],
    ['realm', (request: SipRequest) => edit(request, { realm: 'other' })],
    ['nonce count', (request: SipRequest) => edit(request, { nc: '00000002' })],
    ['response', (request: SipRequest) => edit(request, { response: '0'.repeat(64) })],
    ['response of another length', (request: SipRequest) => edit(request, { response: 'ab' })],
  ])('[RFC7616-3.4.1] another %s than was hashed is not accepted', (_, change) => {
    const { client, verify } = setUp();
    const request = client.authorise(register());
    expect(why(verify(change(request)))).toMatch(/refused|absent/);
    expect(why(verify(request))).toBe('accepted');
  });

  test('[RFC7616-3.4.6] credentials for another URI are malformed, a spelling of the same is none', () => {
    const { client, verify } = setUp();
    const request = client.authorise(register());
    expect(verify({ ...request, uri: 'sip:evil.example' })).toEqual({ kind: 'malformed' });
    expect(why(verify({ ...request, uri: `sip:${REALM.toUpperCase()}` }))).toBe('accepted');
  });

  test('credentials that cannot be read are malformed', () => {
    const { verify } = setUp();
    expect(verify(withHeader(register(), 'Authorization', 'Digest username="101'))).toEqual({
      kind: 'malformed',
    });
  });

  test('[RFC7616-3.4.3] auth-int covers the body', () => {
    const { client, verify } = setUp({ qop: ['auth-int'] });
    const request = client.authorise(register('hello'));
    expect(why(verify({ ...request, body: Buffer.from('hallo') }))).toBe('refused');
    expect(why(verify(request))).toBe('accepted');
  });

  test('[RFC7616-5.4] a count is accepted once, also out of order', () => {
    const { client, verify } = setUp();
    const [first, second, third] = [1, 2, 3].map(() => client.authorise(register()));
    if (first === undefined || second === undefined || third === undefined) throw new Error('no requests');
    expect([third, first, second, first, third].map((request) => why(verify(request)))).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'stale',
      'stale',
    ]);
  });

  test('[RFC7616-3.3] an old nonce is stale, and the client goes on without asking anybody', () => {
    const { client, verify, takeIn } = setUp({ nonceLifetime: 1_000 });
    const old = client.authorise(register());
    const verdict = verify(old, 1_001);
    expect(why(verdict)).toBe('stale');
    expect(takeIn(old, verdict)).toBe('retry');
    expect(why(verify(client.authorise(register()), 1_001))).toBe('accepted');
  });

  test('an old nonce with a wrong password is refused rather than stale', () => {
    const { client, verify } = setUp({ nonceLifetime: 1_000 }, { username: '101', password: 'wrong' });
    expect(why(verify(client.authorise(register()), 5_000))).toBe('refused');
  });

  test('a nonce of another server, or of the run before, is stale', () => {
    const { client } = setUp();
    const other = new DigestServer({ realm: REALM, random });
    expect(why(other.verify(client.authorise(register()), find, 0))).toBe('stale');
  });

  test('[RFC7616-3.5] a nonce past half its life is followed by the next', () => {
    const { client, verify } = setUp({ nonceLifetime: 1_000 });
    const request = client.authorise(register());
    const verdict = verify(request, 501);
    if (verdict.kind !== 'accepted') throw new Error('not accepted');
    expect(verdict.headers.map(([name]) => name)).toEqual(['Authentication-Info']);
    client.handleResponse(request, createResponse(request, 200, undefined, { headers: verdict.headers }));
    expect(why(verify(client.authorise(register()), 1_400))).toBe('accepted');
  });

  test('clients without qop are refused unless they are allowed', () => {
    const strict = setUp();
    const allowing = setUp({ allowWithoutQop: true, algorithms: ['MD5'] });
    expect(why(strict.verify(withoutQop(nonceOf(strict.server))))).toBe('refused');
    expect(why(allowing.verify(withoutQop(nonceOf(allowing.server))))).toBe('accepted');
  });

  test('challenges and refusals cost no memory', () => {
    const { server, client, verify } = setUp({}, { username: '101', password: 'wrong' });
    for (let round = 0; round < 100; round += 1) verify(client.authorise(register()));
    expect(server.trackedNonces).toBe(0);
  });

  test.skipIf(vectorsAbsent('rfc4475'))('[RFC4475-3.3.7] an unknown scheme is no credentials', () => {
    const request = parseMessage(readVector('rfc4475/regaut01.dat'));
    if (request.kind !== 'request') throw new Error('no request');
    expect(why(setUp().verify(request))).toBe('absent');
  });
});

/** Changes single values of the credentials without hashing anew. */
function edit(request: SipRequest, change: { realm?: string; nc?: string; response?: string }): SipRequest {
  const authorization = parseAuthorization(header(request, 'authorization') ?? '');
  if (authorization?.protection === undefined) throw new Error('no credentials');
  const { nc = authorization.protection.nc, ...others } = change;
  const protection = { ...authorization.protection, nc };
  return withHeaderSet(
    request,
    'Authorization',
    formatAuthorization({ ...authorization, ...others, protection }),
  );
}

describe('Nonces', () => {
  test('only nonces of ours are recognised', () => {
    const ours = nonces();
    const nonce = ours.issue(42);
    expect(ours.issuedAt(nonce)).toBe(42);
    expect(nonces().issuedAt(nonce)).toBeUndefined();
    const changed = nonce.startsWith('AAAA') ? `BAAA${nonce.slice(4)}` : `AAAB${nonce.slice(4)}`;
    expect([changed, '', 'x', `${nonce}AAAA`].map((text) => ours.issuedAt(text))).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('a nonce is fresh from its issue to the end of its life', () => {
    expect([-1, 0, 1_000, 1_001].map((age) => nonces().isFresh(5_000, 5_000 + age))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('counts may come out of order inside the window, and never twice', () => {
    const ours = nonces();
    const nonce = ours.issue(0);
    const use = (count: number) => ours.use(nonce, 0, count, 0);
    const uses = [1, 40, 9, 9, 8, 7, 40, 39, 72, 41, 40].map((count) => [count, use(count)]);
    expect(uses.filter(([, isAccepted]) => isAccepted).map(([count]) => count)).toEqual([
      1, 40, 9, 39, 72, 41,
    ]);
  });

  test('what is remembered is bounded, and forgetting opens no door for replays', () => {
    const ours = nonces(3);
    const issued = [0, 1, 2, 3, 4].map((at) => ours.issue(at));
    issued.forEach((nonce, at) => expect(ours.use(nonce, at, 1, 5)).toBe(true));
    expect(ours.tracked).toBe(3);
    expect(issued.map((nonce, at) => ours.use(nonce, at, 1, 5))).toEqual(Array(5).fill(false));
    expect(ours.use(issued[4] ?? '', 4, 2, 5)).toBe(true);
    expect(ours.use(ours.issue(6), 6, 1, 6)).toBe(true);
  });

  test('nonces whose life is over make room without a trace', () => {
    const ours = nonces(3);
    for (let at = 0; at < 3; at += 1) ours.use(ours.issue(at), at, 1, 3);
    expect(ours.use(ours.issue(2_000), 2_000, 1, 2_000)).toBe(true);
    expect(ours.tracked).toBe(1);
  });
});
