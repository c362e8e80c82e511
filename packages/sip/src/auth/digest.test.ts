import { describe, expect, test } from 'vitest';
import { readVector, vectorsAbsent } from '../message/vectors.test-support.ts';
import {
  DIGEST_ALGORITHMS,
  digestAlgorithm,
  digestHa1,
  digestResponse,
  digestUserHash,
  hashOf,
} from './digest.ts';
import type { Qop } from './digest.ts';
import {
  formatAuthorization,
  formatChallenge,
  parseAuthorization,
  parseChallenge,
  parseNextNonce,
} from './fields.ts';

interface Vector {
  readonly source: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly uri: string;
  readonly method: string;
  readonly algorithm?: string;
  readonly qop?: Qop;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly body?: string;
  readonly response: string;
}

interface UserHashVector {
  readonly source: string;
  readonly algorithm: string;
  readonly username: string;
  readonly realm: string;
  readonly userhash: string;
}

const isAbsent = vectorsAbsent('crypto');
const { vectors, userhash: userHashes } = isAbsent
  ? { vectors: [], userhash: [] }
  : (JSON.parse(Buffer.from(readVector('crypto/digest.json')).toString()) as {
      vectors: Vector[];
      userhash: UserHashVector[];
    });

describe.skipIf(isAbsent)('digest vectors', () => {
  test.each(vectors)('[$source] $method $algorithm $qop $nc', (vector) => {
    const algorithm = digestAlgorithm(vector.algorithm ?? 'MD5');
    if (algorithm === undefined) throw new Error(`unknown algorithm ${vector.algorithm}`);
    const { username, realm, password, nonce, uri, method, qop, nc = '', cnonce = '', body } = vector;
    const response = digestResponse({
      algorithm,
      ha1: digestHa1(hashOf(algorithm), username, realm, password),
      nonce,
      method,
      uri,
      ...(qop !== undefined && { protection: { qop, nc, cnonce } }),
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
    expect(response).toBe(vector.response);
  });

  test('[RFC7616-3.4.1] the vectors have every algorithm with and without -sess, and every qop', () => {
    expect(new Set(vectors.map(({ algorithm = 'MD5' }) => algorithm))).toEqual(new Set(DIGEST_ALGORITHMS));
    expect(new Set(vectors.map(({ qop }) => qop))).toEqual(new Set(['auth', 'auth-int', undefined]));
    expect(userHashes).not.toEqual([]);
  });

  test.each(userHashes)('[RFC7616-3.4.4] $source', ({ algorithm, username, realm, userhash }) => {
    const name = digestAlgorithm(algorithm);
    expect(name && digestUserHash(hashOf(name), username, realm)).toBe(userhash);
  });
});

test('[RFC7616-3.9.1] the SHA-256 example of the RFC', () => {
  const response = digestResponse({
    algorithm: 'SHA-256',
    ha1: digestHa1('SHA-256', 'Mufasa', 'http-auth@example.org', 'Circle of Life'),
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    method: 'GET',
    uri: '/dir/index.html',
    protection: { qop: 'auth', nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
  });
  expect(response).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
});

describe('challenges', () => {
  test('[RFC3261-22.4] the example, with the parts in any order and spacing', () => {
    const text =
      'digest  qop="auth,auth-int" ,nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", realm="biloxi.com",,' +
      'opaque="", stale=TRUE, algorithm=sha-256, new="x, y=z"';
    expect(parseChallenge(text)).toEqual({
      realm: 'biloxi.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      opaque: '',
      algorithm: 'SHA-256',
      qop: ['auth', 'auth-int'],
      stale: true,
    });
  });

  test('[RFC7616-3.3] without algorithm it is MD5, without qop the form of RFC 2069', () => {
    expect(parseChallenge('Digest realm="r", nonce="n"')).toEqual({
      realm: 'r',
      nonce: 'n',
      algorithm: 'MD5',
      qop: [],
      stale: false,
    });
  });

  test.each([
    'Basic realm="r"',
    'Digest',
    'Digest realm="r"',
    'Digest nonce="n"',
    'Digest realm="r", nonce="n", algorithm=AKAv1-MD5',
    'Digest realm="r", nonce="n", qop="token"',
    'Digest realm="r", nonce="n',
    'Digest realm="r" nonce="n"',
    'Digest realm="r", nonce="n", realm="s"',
    'Digest realm, nonce="n"',
    'Digest realm="r", nonce="n", algorithm=MD5-sess',
  ])('%s cannot be answered', (text) => {
    expect(parseChallenge(text)).toBeUndefined();
  });

  test('escapes of a realm stay: they are hashed and sent back as they came', () => {
    expect(parseChallenge('Digest realm="a\\"b", nonce="n"')?.realm).toBe('a\\"b');
  });

  test('[RFC7616-3.3] userhash', () => {
    const text = 'Digest realm="r", nonce="n", algorithm=MD5, userhash=true';
    const challenge = parseChallenge(text);
    expect(challenge?.userhash).toBe(true);
    expect(challenge && formatChallenge(challenge)).toBe(text);
    expect(parseChallenge('Digest realm="r", nonce="n", userhash=false')).not.toHaveProperty('userhash');
  });

  test('formatting and parsing are inverse', () => {
    const challenge = {
      realm: 'pbx.example',
      nonce: 'abc',
      opaque: 'o',
      algorithm: 'SHA-512-256' as const,
      qop: ['auth'] as const,
      stale: true,
    };
    expect(formatChallenge(challenge)).toBe(
      'Digest realm="pbx.example", nonce="abc", opaque="o", algorithm=SHA-512-256, qop="auth", stale=true',
    );
    expect(parseChallenge(formatChallenge(challenge))).toEqual(challenge);
  });
});

describe('authorisations', () => {
  const authorization = {
    username: 'a "b" \\',
    realm: 'r',
    nonce: 'n',
    uri: 'sip:pbx.example',
    response: 'ab'.repeat(16),
    algorithm: 'MD5' as const,
    opaque: 'o',
    protection: { qop: 'auth' as const, nc: '0000000a', cnonce: 'c' },
  };

  test('[RFC7616-3.4] tokens are not quoted, everything else is', () => {
    const text = formatAuthorization(authorization);
    expect(text).toContain('username="a \\"b\\" \\\\"');
    expect(text).toContain('algorithm=MD5');
    expect(text).toContain('qop=auth, nc=0000000a, cnonce="c"');
    expect(parseAuthorization(text)).toEqual(authorization);
  });

  const rest = 'realm="r", nonce="n", uri="sip:r", response="ab"';

  test('[RFC7616-3.4] username* is percent-encoded UTF-8', () => {
    const read = parseAuthorization(`Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ${rest}`);
    expect(read?.username).toBe('Jäsøn Doe');
    expect(parseAuthorization(`Digest username*=utf-8'en'a, ${rest}`)?.username).toBe('a');
  });

  test.each([
    `Digest username*=ISO-8859-1''J%E4s, ${rest}`,
    `Digest username*=UTF-8''%E4, ${rest}`,
    `Digest username*="UTF-8''a", ${rest}`,
    `Digest username*=UTF-8''a, username="a", ${rest}`,
    `Digest username*=UTF-8''a, userhash=true, ${rest}`,
    `Digest ${rest}`,
  ])('[RFC7616-3.4] %s is malformed', (text) => {
    expect(parseAuthorization(text)).toBeUndefined();
  });

  test('[RFC7616-3.4.4] userhash goes with the hash', () => {
    const hashed = { ...authorization, username: 'ab'.repeat(16), userhash: true as const };
    expect(formatAuthorization(hashed)).toContain('userhash=true');
    expect(parseAuthorization(formatAuthorization(hashed))).toEqual(hashed);
  });

  test('desk phones quote qop and algorithm', () => {
    const text =
      'Digest username="201",realm="r",nonce="n",uri="sip:r",response="AB",algorithm="MD5",qop="auth",nc=00000001,cnonce="c"';
    expect(parseAuthorization(text)).toMatchObject({
      algorithm: 'MD5',
      response: 'ab',
      protection: { qop: 'auth' },
    });
  });

  test.each([
    'Digest username="u", realm="r", nonce="n", uri="u"',
    'Digest username="u", realm="r", nonce="n", uri="u", response="x", qop=auth',
    'Digest username="u", realm="r", nonce="n", uri="u", response="x", qop=auth, nc=1, cnonce="c"',
    'Digest username="u", realm="r", nonce="n", uri="u", response="x", qop=other, nc=00000001, cnonce="c"',
    'Bearer abc',
  ])('%s is malformed', (text) => {
    expect(parseAuthorization(text)).toBeUndefined();
  });

  test('[RFC7616-3.5] nextnonce', () => {
    expect(parseNextNonce('qop=auth, nextnonce="n2", nc=00000001')).toBe('n2');
    expect(parseNextNonce('rspauth="x"')).toBeUndefined();
  });
});
