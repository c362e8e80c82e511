import type { Credentials, RandomBytes, Target } from '../endpoint/api.ts';
import { headerFields, headerValues } from '../message/headers.ts';
import { withoutHeader } from '../message/build.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import { parseSipUri } from '../message/uri.ts';
import { DigestClient } from './client.ts';
import type { DigestOutcome } from './client.ts';
import { parseChallenge } from './fields.ts';

/**
 * Whose business a request is:
 *
 * - `registrar`: a REGISTER, or whatever else ends at the peer that we have an account with;
 * - `trunk`: a call or request that the application has given these credentials for; it passes through that peer, and may
 *   come from there to somebody who is nobody's friend;
 * - `far_end`: everything inside a dialog, and every call that was redirected.
 */
export type RequestPurpose = 'registrar' | 'trunk' | 'far_end';

/** Addresses and realms that are remembered. */
const most = 32;

/** Parameters of a URI by which proxies send a request elsewhere than to its host; `maddr` is looked at besides. */
const detours = ['alias', 'received'];

/**
 * Credentials together with the peers that may ask for them, against the "digest leak": whoever is called, or calls, can answer
 * a request of ours with a challenge of its own, and guess the password from what it gets. So a challenge is answered
 *
 * - only where the request went to an address that requests of ours to the registrar or trunk have gone to, and
 * - inside dialogs only where no proxy stands between, for behind a proxy the far end may be asking: each hop of the route set and
 *   the Contact have to be at such an address, because whoever is called, or calls, can write both;
 * - only for the realm that asked first (or those that the credentials name), and not when it calls a nonce stale that it has only
 *   just given: both would let the far end of a call through a plain proxy ask a second time.
 *
 * What a proxy is shown without being asked (Proxy-Authorization, RFC 3261 section 22.3) stays; Authorization goes along only to
 * where a challenge would be answered. An ACK, which repeats what its INVITE had, shows none of them to anybody else.
 */
export class GuardedDigest {
  readonly #client: DigestClient;
  readonly #named: ReadonlySet<string> | undefined;
  readonly #peers = new Set<string>();
  readonly #realms = new Set<string>();

  constructor(credentials: Credentials, random: RandomBytes) {
    this.#client = new DigestClient(credentials, random);
    this.#named = credentials.realms === undefined ? undefined : new Set(credentials.realms);
  }

  /** An address that a request of this purpose may go to. */
  located(target: Target, purpose: RequestPurpose): void {
    if (purpose !== 'far_end') this.#remember(this.#peers, target.address.toLowerCase());
  }

  /** The URI that a request of this purpose is sent by: its host may be a name that others use for the same peer. */
  named(uri: string, purpose: RequestPurpose): void {
    const host = parseSipUri(uri)?.host.toLowerCase();
    if (purpose !== 'far_end' && host !== undefined) this.#remember(this.#peers, host);
  }

  /** A request inside a dialog that has its credentials already, with those that this target may see. */
  shownTo(request: SipRequest, target: Target): SipRequest {
    if (this.#mayAsk(request, target, 'far_end')) return request;
    const shown = withoutHeader(request, 'authorization');
    return this.#peers.has(target.address.toLowerCase())
      ? shown
      : withoutHeader(shown, 'proxy-authorization');
  }

  /** With credentials for the realms that are known so far, as far as this target may see them. */
  authorise(request: SipRequest, target: Target, purpose: RequestPurpose): SipRequest {
    this.located(target, purpose);
    if (!this.#peers.has(target.address.toLowerCase())) return request;
    const authorised = this.#client.authorise(request);
    return this.#mayAsk(request, target, purpose) ? authorised : withoutHeader(authorised, 'authorization');
  }

  /** Takes in any final response; `none` also for a challenge of somebody who must not ask. */
  handleResponse(
    sent: SipRequest,
    response: SipResponse,
    target: Target,
    purpose: RequestPurpose,
  ): DigestOutcome {
    if (response.status !== 401 && response.status !== 407) {
      return this.#peers.has(target.address.toLowerCase())
        ? this.#client.handleResponse(sent, response)
        : { kind: 'none' };
    }
    if (!this.#mayAsk(sent, target, purpose)) return { kind: 'none' };
    const realms = realmsIn(response);
    if (!this.#admits(realms, purpose)) return { kind: 'none' };
    const outcome = this.#client.handleResponse(sent, response, purpose === 'registrar' ? 3 : 0);
    if (outcome.kind === 'retry') for (const realm of realms) this.#remember(this.#realms, realm);
    return outcome;
  }

  #remember(among: Set<string>, text: string): void {
    const [oldest] = among;
    if (!among.has(text) && among.size >= most && oldest !== undefined) among.delete(oldest);
    among.add(text);
  }

  #mayAsk(request: SipRequest, target: Target, purpose: RequestPurpose): boolean {
    if (!this.#peers.has(target.address.toLowerCase())) return false;
    if (purpose !== 'far_end') return true;
    const routes = headerValues(request, 'route');
    // Nothing but its own URI has led it there.
    if (routes.length === 0 && target.connectionId === undefined) return true;
    // Through a proxy, or over a connection that may end at one, and yet to the same machine.
    const hops = [...routes.map((route) => parseNameAddr(route)?.uri ?? ''), request.uri];
    return hops.every((uri) => this.#isPeer(uri));
  }

  #isPeer(text: string): boolean {
    const uri = parseSipUri(text);
    if (uri === undefined || detours.some((name) => uri.params.has(name))) return false;
    const hosts = [uri.host, uri.params.get('maddr') ?? uri.host];
    return hosts.every((host) => this.#peers.has(host.toLowerCase()));
  }

  #admits(realms: readonly string[], purpose: RequestPurpose): boolean {
    if (this.#named !== undefined) return realms.every((realm) => this.#named?.has(realm));
    // The registrar itself may rename its realm; anybody else stays with what was first.
    if (purpose === 'registrar' || this.#realms.size === 0) return true;
    return realms.every((realm) => this.#realms.has(realm));
  }
}

function realmsIn(response: SipResponse): string[] {
  const fields = [
    ...headerFields(response, 'www-authenticate'),
    ...headerFields(response, 'proxy-authenticate'),
  ];
  return fields.flatMap((value) => parseChallenge(value)?.realm ?? []);
}
