import { DigestServer, Registrar, canonicalAor, escapeUser, parseSipUri, withHeaderSet } from '@offhook/sip';
import type { Binding, ExtraHeaders, Flow, Millis, RandomBytes, SipRequest } from '@offhook/sip';
import { numberIn } from '../sip/numbers.ts';
import type { Place } from '../switch/model.ts';
import type { Directory } from '../config/directory.ts';
import type { ExchangeConfig } from '../config/exchange.ts';

export interface Answer {
  readonly status: number;
  readonly headers: ExtraHeaders;
}

/** Every extension's address of record has this host, whatever name or address a device knows the PBX by. */
const HOME = 'pbx.invalid';

/**
 * Who is registered where: REGISTER with digest (RFC 3261 sections 10.3 and 22.4). A device may register only the
 * line that its user name belongs to.
 */
export class RegistrationDesk {
  readonly #directory: Directory;
  readonly #digest: DigestServer;
  readonly #registrar: Registrar;

  constructor(directory: Directory, config: ExchangeConfig, random: RandomBytes) {
    this.#directory = directory;
    this.#digest = new DigestServer({ realm: config.realm, random, algorithms: config.digest });
    this.#registrar = new Registrar({
      minExpires: config.registration.min,
      maxExpires: config.registration.max,
      defaultExpires: config.registration.max,
      bindingsPerAor: config.limits.bindingsPerExtension,
      aors: Math.max(1, directory.devices.length),
    });
  }

  register(request: SipRequest, flow: Flow, now: Millis): Answer {
    const verdict = this.#digest.verify(request, (user) => this.#secretOf(user), now);
    if (verdict.kind === 'malformed') return { status: 400, headers: [] };
    if (verdict.kind === 'challenge') return { status: verdict.status, headers: verdict.headers };
    const number = numberIn(request, 'to');
    const device = number === undefined ? undefined : this.#directory.device(number);
    if (device === undefined) return { status: 404, headers: [] };
    if (this.#directory.user(verdict.username) !== device) return { status: 403, headers: [] };
    const atHome = withHeaderSet(request, 'To', `<${homeOf(device.id)}>`);
    const result = this.#registrar.process(atHome, flow, now);
    return { status: result.status, headers: [...result.headers, ...verdict.headers] };
  }

  bindings(number: string, now: Millis): readonly Binding[] {
    return this.#registrar.lookup(canonicalAor(homeOf(number)) ?? '', now);
  }

  /** Where a line rings. */
  places(number: string, now: Millis): readonly Place[] {
    return this.bindings(number, now).map(placeOf);
  }

  /** Drops what has run out; gives whether there was anything. */
  expire(now: Millis): boolean {
    return this.#registrar.expire(now).length > 0;
  }

  nextExpiry(): Millis | undefined {
    return this.#registrar.nextExpiry();
  }

  #secretOf(user: string): { readonly kind: 'password'; readonly password: string } | undefined {
    const password = this.#directory.user(user)?.password;
    return password === undefined ? undefined : { kind: 'password', password };
  }
}

/**
 * Over a stream only the connection that the device opened leads back to it. Over UDP the contact's own address is taken
 * where it is numeric and on the machine that the REGISTER came from, else the source (a NAT between).
 */
function placeOf(binding: Binding): Place {
  const { flow, contact } = binding;
  const { transport, address, port } = flow;
  const uri = parseSipUri(contact.uri);
  if (transport === 'udp' && uri?.host === address) {
    return { uri: contact.uri, target: { transport, address, port: uri.port ?? 5060 } };
  }
  const { connectionId } = flow;
  const target = { transport, address, port, ...(connectionId !== undefined && { connectionId }) };
  return { uri: contact.uri, target };
}

function homeOf(number: string): string {
  return `sip:${escapeUser(number)}@${HOME}`;
}
