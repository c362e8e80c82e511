import type { CstaRequest } from '../codec/messages.ts';
import type { Millis } from '../link/limits.ts';
import type { Session } from './session.ts';

/** What waits for an answer: a request of the owner, or one of the session's own. */
export type Open =
  | { readonly kind: 'owner'; readonly key: number; readonly request: CstaRequest }
  | { readonly kind: 'start' | 'register' | 'renew' | 'stop' }
  | { readonly kind: 'heartbeat'; readonly sentAt: Millis };

/** Drawn at the client itself. `failures` counts the links in a row that did not prove themselves. */
export type State =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting'; readonly until: Millis; readonly failures: number }
  | { readonly name: 'connecting'; readonly deadline: Millis; readonly failures: number }
  | { readonly name: 'starting'; readonly failures: number }
  | { readonly name: 'registering'; readonly session: Session; readonly failures: number }
  | {
      readonly name: 'ready';
      readonly session: Session;
      readonly since: Millis;
      readonly failures: number;
      /** `undefined` while one is under way, and where none is sent. */
      readonly heartbeatAt: Millis | undefined;
    }
  | { readonly name: 'stopping' }
  | { readonly name: 'stopped' };
