import type { Credentials, RandomBytes } from '../endpoint/api.ts';
import { withHeader, withoutHeader } from '../message/build.ts';
import { headerFields } from '../message/headers.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { DIGEST_ALGORITHMS, digestHa1, digestResponse, digestUserHash, hashOf } from './digest.ts';
import { formatAuthorization, parseAuthorization, parseChallenge, parseNextNonce } from './fields.ts';
import type { DigestChallenge } from './fields.ts';

export type DigestOutcome =
  /** No challenge: the response is the application's. */
  | { readonly kind: 'none' }
  /** Send the request again: `authorise` it, with the next CSeq and a new branch. */
  | { readonly kind: 'retry' }
  /** The user name or password is wrong: asking again would not help. */
  | { readonly kind: 'refused' }
  /** No challenge that could be answered: another scheme, algorithm or qop. */
  | { readonly kind: 'unsupported' };

/** Where a challenge comes from, the header that answers it and the one that may carry the next nonce. */
const SIDES = [
  { ask: 'www-authenticate', answer: 'authorization', info: 'authentication-info' },
  { ask: 'proxy-authenticate', answer: 'proxy-authorization', info: 'proxy-authentication-info' },
] as const;
type Side = (typeof SIDES)[number];

/** One realm behind one kind of header, and the nonce in use for it. */
interface ProtectionSpace {
  readonly side: Side;
  readonly challenge: DigestChallenge;
  readonly ha1: string;
  nonce: string;
  /** Requests that were authorised with `nonce`. */
  count: number;
  /**
   * Of the first request with `nonce`, for `-sess`: whether the session's key is made once or for each request, which RFC
   * 7616 section 3.4.2 leaves open, all of them with one cnonce come to the same.
   */
  sessionCnonce: string | undefined;
  /** The last nonce that got past the server: when it is refused later, it has aged and the password is not wrong. */
  acceptedNonce: string | undefined;
  /** Challenges with `stale=true` since the last success. */
  staleInARow: number;
}

const MAX_SPACES = 8;
const MAX_STALE_IN_A_ROW = 3;

/**
 * Answers 401 and 407 for one set of credentials (RFC 3261 section 22, RFC 7616, RFC 8760), over the life of a
 * registration, dialog or account: nonces are used again with a counter, so that later requests need no round trip.
 */
export class DigestClient {
  readonly #credentials: Credentials;
  readonly #random: RandomBytes;
  readonly #spaces = new Map<string, ProtectionSpace>();

  constructor(credentials: Credentials, random: RandomBytes) {
    this.#credentials = credentials;
    this.#random = random;
  }

  /** A copy with credentials for every realm that is known so far, in place of those that it has. */
  authorise(request: SipRequest): SipRequest {
    let authorised = request;
    for (const side of SIDES) authorised = withoutHeader(authorised, side.answer);
    for (const space of this.#spaces.values()) {
      authorised = withHeader(authorised, space.side.answer, this.#answer(space, request));
    }
    return authorised;
  }

  /**
   * Takes in any final response to a request, as it was sent.
   *
   * @param staleAtOnce how often in a row a nonce may be called stale that was used for nothing before
   */
  handleResponse(sent: SipRequest, response: SipResponse, staleAtOnce = MAX_STALE_IN_A_ROW): DigestOutcome {
    if (response.status < 200) return { kind: 'none' };
    if (response.status === 401 || response.status === 407)
      return this.#handleChallenge(sent, response, staleAtOnce);
    this.#handleAcceptance(sent, response);
    return { kind: 'none' };
  }

  #handleChallenge(sent: SipRequest, response: SipResponse, staleAtOnce: number): DigestOutcome {
    const asked = SIDES.flatMap((side) => strongestPerRealm(side, response));
    if (asked.length === 0 || asked.length > MAX_SPACES) return { kind: 'unsupported' };
    const isRefused = asked
      .map(({ side, challenge }) => this.#takeIn(side, challenge, sent, staleAtOnce))
      .includes('refused');
    return { kind: isRefused ? 'refused' : 'retry' };
  }

  #takeIn(
    side: Side,
    challenge: DigestChallenge,
    sent: SipRequest,
    staleAtOnce: number,
  ): 'taken' | 'refused' {
    const key = spaceKey(side, challenge.realm);
    const before = this.#spaces.get(key);
    const usedNonce = nonceIn(sent, side, challenge.realm);
    const staleInARow = challenge.stale ? (before?.staleInARow ?? 0) + 1 : 0;
    if (usedNonce !== undefined) {
      const isFresh = usedNonce === before?.nonce && before.count === 1;
      const hasAged = challenge.stale
        ? staleInARow <= (isFresh ? staleAtOnce : MAX_STALE_IN_A_ROW)
        : usedNonce === before?.acceptedNonce;
      if (!hasAged) {
        this.#spaces.delete(key);
        return 'refused';
      }
    }
    const { username, password } = this.#credentials;
    if (this.#spaces.size >= MAX_SPACES && before === undefined) this.#spaces.clear();
    this.#spaces.set(key, {
      side,
      challenge,
      ha1: digestHa1(hashOf(challenge.algorithm), username, challenge.realm, password),
      nonce: challenge.nonce,
      count: 0,
      sessionCnonce: undefined,
      acceptedNonce: before?.acceptedNonce,
      staleInARow,
    });
    return 'taken';
  }

  #handleAcceptance(sent: SipRequest, response: SipResponse): void {
    for (const space of this.#spaces.values()) {
      const usedNonce = nonceIn(sent, space.side, space.challenge.realm);
      if (usedNonce === undefined) continue;
      space.acceptedNonce = usedNonce;
      space.staleInARow = 0;
      const [info] = headerFields(response, space.side.info);
      const next = info === undefined ? undefined : parseNextNonce(info);
      if (next === undefined || next === space.nonce) continue;
      space.nonce = next;
      space.acceptedNonce = next;
      space.count = 0;
      space.sessionCnonce = undefined;
    }
  }

  #answer(space: ProtectionSpace, request: SipRequest): string {
    const { challenge, nonce, ha1 } = space;
    space.count += 1;
    // `auth` is preferred: `auth-int` breaks where an application gateway rewrites the body.
    const [qop] = challenge.qop;
    const protection =
      qop === undefined
        ? undefined
        : {
            qop,
            nc: space.count.toString(16).padStart(8, '0'),
            cnonce: this.#cnonce(space),
          };
    const common = {
      algorithm: challenge.algorithm,
      nonce,
      uri: request.uri,
      ...(protection !== undefined && { protection }),
    };
    const { username } = this.#credentials;
    const { realm, algorithm } = challenge;
    return formatAuthorization({
      ...common,
      // A name beyond ASCII needs no `username*` here: a quoted string of SIP holds UTF-8.
      ...(challenge.userhash === true
        ? { username: digestUserHash(hashOf(algorithm), username, realm), userhash: true as const }
        : { username }),
      realm,
      response: digestResponse({ ...common, ha1, method: request.method, body: request.body }),
      ...(challenge.opaque !== undefined && { opaque: challenge.opaque }),
    });
  }

  #cnonce(space: ProtectionSpace): string {
    if (space.sessionCnonce !== undefined) return space.sessionCnonce;
    const cnonce = Buffer.from(this.#random(16)).toString('hex');
    if (space.challenge.algorithm.endsWith('-sess')) space.sessionCnonce = cnonce;
    return cnonce;
  }
}

function spaceKey(side: Side, realm: string): string {
  return `${side.answer} ${realm}`;
}

/** The nonce that a request's credentials for a realm were made with. */
function nonceIn(request: SipRequest, side: Side, realm: string): string | undefined {
  for (const value of headerFields(request, side.answer)) {
    const authorization = parseAuthorization(value);
    if (authorization?.realm === realm) return authorization.nonce;
  }
  return undefined;
}

/**
 * Of several challenges for one realm, that with the strongest algorithm: this is our policy. RFC 8760 section 2.4 has the topmost
 * one that is known where there is none, but nobody who could change the order shall choose.
 */
function strongestPerRealm(side: Side, response: SipResponse): { side: Side; challenge: DigestChallenge }[] {
  const best = new Map<string, DigestChallenge>();
  for (const value of headerFields(response, side.ask)) {
    const challenge = parseChallenge(value);
    if (challenge === undefined) continue;
    const other = best.get(challenge.realm);
    if (other === undefined || strength(challenge) < strength(other)) best.set(challenge.realm, challenge);
  }
  return [...best.values()].map((challenge) => ({ side, challenge }));
}

/** Smaller is stronger. */
function strength(challenge: DigestChallenge): number {
  return DIGEST_ALGORITHMS.indexOf(challenge.algorithm);
}
