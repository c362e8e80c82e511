import { DigestServer } from '@offhook/sip';
import type { ExtraHeaders, Millis, RandomBytes, SipRequest } from '@offhook/sip';
import { personOf } from '../config/directory.ts';
import type { Directory } from '../config/directory.ts';
import type { ExchangeConfig } from '../config/exchange.ts';
import { numberIn } from './numbers.ts';
import type { Person } from './types.ts';

export type Identity =
  | { readonly kind: 'known'; readonly person: Person }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 407; readonly headers: ExtraHeaders };

/**
 * Who calls: every INVITE proves its user (407, RFC 3261 section 22.3), and the extension in From has to be that
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
    const extension = this.#directory.user(verdict.username);
    if (extension === undefined || numberIn(request, 'from') !== extension.number) {
      return { kind: 'refused', status: 403, headers: [] };
    }
    return { kind: 'known', person: personOf(extension) };
  }
}
