import { timingSafeEqual } from 'node:crypto';
import type { ExtraHeaders, Millis, RandomBytes } from '../endpoint/api.ts';
import { headerFields } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { parseUri, uriEquals } from '../message/uri.ts';
import { digestHa1, digestResponse, hashOf } from './digest.ts';
import type { DigestAlgorithm, DigestHash, Qop } from './digest.ts';
import { formatChallenge, parseAuthorization } from './fields.ts';
import type { DigestAuthorization } from './fields.ts';
import { Nonces } from './nonces.ts';

export interface DigestServerOptions {
  /** Without quotes or backslashes. */
  readonly realm: string;
  readonly random: RandomBytes;
  /** `registrar` challenges with 401 and WWW-Authenticate, `proxy` with 407 and Proxy-Authenticate. Default `registrar`. */
  readonly role?: 'registrar' | 'proxy';
  /**
   * Offered in this order, one challenge each (RFC 8760 section 2.3). Default SHA-256, then MD5 for older phones. The session
   * key of a `-sess` algorithm is made for each request, of its own cnonce.
   */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Default `auth` alone. */
  readonly qop?: readonly Qop[];
  /** How long a nonce may be used. Default five minutes. */
  readonly nonceLifetime?: Millis;
  /** Nonces whose counts are remembered. Default 10,000. */
  readonly maxTrackedNonces?: number;
  /** Accept clients that leave qop out, as RFC 2069 did; replays within the nonce's life then pass. Default false. */
  readonly allowWithoutQop?: boolean;
  /**
   * Asks for hashes in the place of user names (`userhash`), and finds the user whose name has this one, see
   * {@link digestUserHash}. Names as they are are taken as well.
   */
  readonly userOfHash?: (hash: string, name: DigestHash) => string | undefined;
}

export type DigestSecret =
  | { readonly kind: 'password'; readonly password: string }
  /** Values of `digestHa1`, by hash; an algorithm without one is refused. */
  | { readonly kind: 'ha1'; readonly ha1: Partial<Readonly<Record<DigestHash, string>>> };

export type DigestVerdict =
  /** `headers` go into the 2xx: a nonce for the next request where this one grows old. */
  | { readonly kind: 'accepted'; readonly username: string; readonly headers: ExtraHeaders }
  /** Answer with `status` and `headers`. `refused` is worth counting per source; the others are everyday. */
  | {
      readonly kind: 'challenge';
      readonly status: 401 | 407;
      readonly headers: ExtraHeaders;
      readonly why: 'absent' | 'stale' | 'refused';
    }
  /** Credentials for our realm that cannot be read or name another request's URI: 400 (RFC 7616 section 3.4.6). */
  | { readonly kind: 'malformed' };

const UNKNOWN_USER: DigestSecret = { kind: 'password', password: '' };

/** Proves who sent a request (RFC 3261 section 22.4, RFC 7616, RFC 8760). Keeps nothing for challenges, see {@link Nonces}. */
export class DigestServer {
  readonly #realm: string;
  readonly #isProxy: boolean;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #qop: readonly Qop[];
  readonly #lifetime: Millis;
  readonly #allowWithoutQop: boolean;
  readonly #userOfHash: DigestServerOptions['userOfHash'];
  readonly #nonces: Nonces;

  constructor(options: DigestServerOptions) {
    this.#realm = options.realm;
    this.#isProxy = options.role === 'proxy';
    this.#algorithms = options.algorithms ?? ['SHA-256', 'MD5'];
    this.#qop = options.qop ?? ['auth'];
    this.#lifetime = options.nonceLifetime ?? 300_000;
    this.#allowWithoutQop = options.allowWithoutQop ?? false;
    this.#userOfHash = options.userOfHash;
    this.#nonces = new Nonces({
      random: options.random,
      lifetime: this.#lifetime,
      maxTracked: options.maxTrackedNonces ?? 10_000,
    });
  }

  /** Nonces in memory: for metrics and tests. */
  get trackedNonces(): number {
    return this.#nonces.tracked;
  }

  /** The headers of a 401 or 407: one challenge per algorithm, all with one nonce. */
  challenge(now: Millis, stale = false): ExtraHeaders {
    const nonce = this.#nonces.issue(now);
    const name = this.#isProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate';
    return this.#algorithms.map((algorithm) => [
      name,
      formatChallenge({
        realm: this.#realm,
        nonce,
        algorithm,
        qop: this.#qop,
        stale,
        ...(this.#userOfHash !== undefined && { userhash: true }),
      }),
    ]);
  }

  /**
   * @param find gives the secret of a user of this realm. An unknown user costs the same work and gets the same answer as
   * a wrong password.
   */
  verify(
    request: SipRequest,
    find: (username: string) => DigestSecret | undefined,
    now: Millis,
  ): DigestVerdict {
    const credentials = this.#credentialsOf(request);
    if (credentials === undefined) return this.#challengeVerdict('absent', now);
    if (credentials === 'malformed') return { kind: 'malformed' };
    const { protection, nonce } = credentials;
    const algorithm = this.#algorithms.find((name) => name === credentials.algorithm);
    const isOffered =
      protection === undefined
        ? (this.#allowWithoutQop || this.#qop.length === 0) && !credentials.algorithm.endsWith('-sess')
        : this.#qop.includes(protection.qop);
    if (algorithm === undefined || !isOffered) return this.#challengeVerdict('refused', now);
    if (!isSameUri(credentials.uri, request.uri)) return { kind: 'malformed' };

    const issuedAt = this.#nonces.issuedAt(nonce);
    // A nonce of a run before this one is no wrong password: the client shall try again without asking anybody.
    if (issuedAt === undefined) return this.#challengeVerdict('stale', now);
    const username =
      credentials.userhash === true
        ? this.#userOfHash?.(credentials.username.toLowerCase(), hashOf(algorithm))
        : credentials.username;
    const secret = username === undefined ? undefined : find(username);
    const isRight = this.#isRight(credentials, username ?? '', algorithm, secret ?? UNKNOWN_USER, request);
    if (!isRight || username === undefined || secret === undefined)
      return this.#challengeVerdict('refused', now);
    if (!this.#nonces.isFresh(issuedAt, now)) return this.#challengeVerdict('stale', now);
    const count = protection === undefined ? undefined : Number.parseInt(protection.nc, 16);
    if (count !== undefined && !this.#nonces.use(nonce, issuedAt, count, now)) {
      return this.#challengeVerdict('stale', now);
    }
    return {
      kind: 'accepted',
      username,
      headers: now - issuedAt > this.#lifetime / 2 ? this.#nextNonce(now) : [],
    };
  }

  #credentialsOf(request: SipRequest): DigestAuthorization | 'malformed' | undefined {
    const name = this.#isProxy ? 'proxy-authorization' : 'authorization';
    let isMalformed = false;
    for (const value of headerFields(request, name)) {
      // Another scheme is as good as no credentials (RFC 4475 section 3.3.7).
      if (!/^digest[ \t]/i.test(value)) continue;
      const credentials = parseAuthorization(value);
      if (credentials === undefined) isMalformed = true;
      else if (credentials.realm === this.#realm) return credentials;
    }
    return isMalformed ? 'malformed' : undefined;
  }

  #isRight(
    credentials: DigestAuthorization,
    username: string,
    algorithm: DigestAlgorithm,
    secret: DigestSecret,
    request: SipRequest,
  ): boolean {
    const ha1 =
      secret.kind === 'password'
        ? digestHa1(hashOf(algorithm), username, this.#realm, secret.password)
        : secret.ha1[hashOf(algorithm)];
    if (ha1 === undefined) return false;
    const expected = digestResponse({
      algorithm,
      ha1,
      nonce: credentials.nonce,
      method: request.method,
      uri: credentials.uri,
      body: request.body,
      ...(credentials.protection !== undefined && { protection: credentials.protection }),
    });
    const given = Buffer.from(credentials.response);
    return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
  }

  #challengeVerdict(why: 'absent' | 'stale' | 'refused', now: Millis): DigestVerdict {
    const status = this.#isProxy ? 407 : 401;
    return { kind: 'challenge', status, why, headers: this.challenge(now, why === 'stale') };
  }

  #nextNonce(now: Millis): ExtraHeaders {
    const name = this.#isProxy ? 'Proxy-Authentication-Info' : 'Authentication-Info';
    return [[name, `nextnonce="${this.#nonces.issue(now)}"`]];
  }
}

function isSameUri(left: string, right: string): boolean {
  if (left === right) return true;
  const leftUri = parseUri(left);
  const rightUri = parseUri(right);
  return leftUri !== undefined && rightUri !== undefined && uriEquals(leftUri, rightUri);
}
