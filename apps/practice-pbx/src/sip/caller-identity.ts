import { DigestServer } from '@offhook/sip';
import type { ExtraHeaders, Millis, RandomBytes, SipRequest } from '@offhook/sip';
import type { Directory, DirectoryDevice } from '../config/directory.ts';
import type { ExchangeConfig } from '../config/exchange.ts';
import { numberIn } from './numbers.ts';

export type Identity =
  | { readonly kind: 'known'; readonly device: DirectoryDevice }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 407; readonly headers: ExtraHeaders };

/**
 * Who calls: every INVITE proves its user (407, RFC 3261 section 22.3), and the number in From has to be that
 * user's. The name that others see is the extension table's, not what the device says.
 */
export class CallerIdentity {
  readonly #directory: Directory;
  readonly #digest: DigestServer;

  constructor(directory: Directory, config: ExchangeConfig, random: RandomBytes) {
    this.#directory = directory;
    this.#digest = new DigestServer({
      realm: config.realm,
      random,
      role: 'proxy',
      algorithms: config.digest,
    });
  }

  identify(request: SipRequest, now: Millis): Identity {
    const verdict = this.#digest.verify(
      request,
      (user) => {
        const password = this.#directory.user(user)?.password;
        return password === undefined ? undefined : { kind: 'password', password };
      },
      now,
    );
    if (verdict.kind === 'malformed') return { kind: 'refused', status: 400, headers: [] };
    if (verdict.kind === 'challenge') return { kind: 'refused', status: 407, headers: verdict.headers };
    const device = this.#directory.user(verdict.username);
    const from = numberIn(request, 'from');
    // A line may give the number that it shows.
    if (device === undefined || (from !== device.id && from !== device.person.number)) {
      return { kind: 'refused', status: 403, headers: [] };
    }
    return { kind: 'known', device };
  }
}
