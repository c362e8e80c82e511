import type { Agent } from '../agent/agent.ts';
import { GuardedDigest } from '../auth/guarded-digest.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { replacesOf } from '../headers/index.ts';
import { callId, header } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest } from '../message/types.ts';
import { decodeEscapes, parseSipUri } from '../message/uri.ts';
import type { DialogUser } from '../session/dialog-request.ts';
import { IncomingCall } from '../session/incoming-call.ts';
import { OutgoingCall } from '../session/outgoing-call.ts';
import type { SessionScope } from '../session/scope.ts';
import { Session } from '../session/session.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Body, InviteParams, Millis, SessionId, SessionInfo } from './api.ts';
import type { DialogTable } from './dialog-table.ts';
import { SipUsageError } from './errors.ts';

/** An INVITE that made a session, and the To tag of all responses to it. */
interface Invitation {
  /** `undefined` when the session is over. */
  readonly session: Session | undefined;
  readonly localTag: string;
}

export interface SessionTableOptions {
  readonly agent: Agent;
  readonly dialogs: DialogTable;
  /** Credentials for requests inside calls that were made to one of our registered contacts. */
  readonly digestFor: (contactUser: string) => GuardedDigest | undefined;
  readonly onEnded: (session: SessionId, now: Millis) => void;
}

/** The INVITE sessions of an endpoint. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #sessions = new Map<SessionId, Session>();
  readonly #scopes = new Map<SessionId, SessionScope>();
  #lastId = 0;

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** An answered call's dialog and what sends in it; throws where there is none. */
  dialogOf(id: SessionId): { readonly dialog: Dialog; readonly user: DialogUser } {
    this.get(id);
    const found = this.findDialogOf(id);
    if (found === undefined) throw new SipUsageError('wrong_state', 'the call is not answered, or is ending');
    return found;
  }

  /** As {@link dialogOf}; `undefined` where there is none. */
  findDialogOf(id: SessionId): { readonly dialog: Dialog; readonly user: DialogUser } | undefined {
    const dialog = this.#sessions.get(id)?.establishedDialog;
    const scope = this.#scopes.get(id);
    return dialog === undefined || scope === undefined ? undefined : { dialog, user: scope };
  }

  get isFull(): boolean {
    return this.#sessions.size >= this.#options.agent.limits.sessions;
  }

  get(id: SessionId): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new SipUsageError('no_such_session', `there is no session ${id}`);
    return session;
  }

  /** As {@link get}, for commands that are no error when the session is over. */
  find(id: SessionId): Session | undefined {
    return this.#sessions.get(id);
  }

  findByInvite(transaction: ServerTransaction): Invitation | undefined {
    const known = transaction.invitation;
    return known === undefined
      ? undefined
      : { session: this.#sessions.get(known.id), localTag: known.localTag };
  }

  invite(params: InviteParams, now: Millis): SessionId {
    const { agent } = this.#options;
    const { identifiers } = agent;
    const digest =
      params.credentials === undefined ? undefined : new GuardedDigest(params.credentials, agent.random);
    const identity = {
      callId: params.callId ?? identifiers.callId(),
      localTag: identifiers.tag(),
    };
    return this.#add(params.contactUser, digest, (scope, onEstablished) => {
      return new OutgoingCall(scope, params, identity, onEstablished, now);
    }).id;
  }

  /**
   * The call that an INVITE wants to take the place of (RFC 3891 section 3), or the status that refuses it. A dialog of
   * ours that is early can be replaced, for we are the caller there; one that we have not answered yet cannot. What is ending is
   * declined.
   */
  findReplaced(request: SipRequest): SessionId | undefined | { readonly status: 400 | 481 | 486 | 603 } {
    const replaces = replacesOf(request);
    if (replaces === undefined) return undefined;
    if (replaces === 'malformed') return { status: 400 };
    const { callId, toTag, fromTag, earlyOnly } = replaces;
    const session = this.#options.dialogs.findByName(callId, toTag, fromTag)?.session;
    if (session === undefined || session.phase === 'incoming') return { status: 481 };
    const isAnswered = session.phase === 'established';
    if (isAnswered && session.establishedDialog === undefined) return { status: 603 };
    return earlyOnly && isAnswered ? { status: 486 } : session.id;
  }

  /** A new INVITE with the offer that it brought. */
  incoming(
    transaction: ServerTransaction,
    offer: Body | undefined,
    replaces: SessionId | undefined,
    now: Millis,
  ): void {
    const { agent, digestFor } = this.#options;
    const { request, flow } = transaction;
    const user = userOf(request.uri);
    const digest = user === undefined ? undefined : digestFor(user);
    const localTag = agent.identifiers.tag();
    const hasOffer = offer !== undefined;
    const session = this.#add(user, digest, (scope, onEstablished) => {
      const onAccepted = (at: Millis): void => {
        if (replaces === undefined) return;
        this.#sessions.get(replaces)?.end([], at, { by: 'replaced', session: scope.id });
      };
      return new IncomingCall({ scope, transaction, localTag, hasOffer, onEstablished, onAccepted, now });
    });
    transaction.invitation = { id: session.id, localTag };
    agent.emit({
      type: 'session.incoming',
      session: session.id,
      request,
      info: infoOf(request),
      flow,
      ...(hasOffer && { offer }),
      ...(replaces !== undefined && { replaces }),
    });
  }

  #add(
    contactUser: string | undefined,
    digest: GuardedDigest | undefined,
    start: (
      scope: SessionScope,
      onEstablished: ConstructorParameters<typeof OutgoingCall>[3],
    ) => OutgoingCall | IncomingCall,
  ): Session {
    this.#lastId += 1;
    const id = this.#lastId as SessionId;
    const scope = this.#scope(id, contactUser, digest);
    this.#scopes.set(id, scope);
    const session = new Session(id, (onEstablished) => start(scope, onEstablished));
    this.#sessions.set(id, session);
    return session;
  }

  #scope(id: SessionId, contactUser: string | undefined, digest: GuardedDigest | undefined): SessionScope {
    const { agent, dialogs: table, onEnded } = this.#options;
    const dialogs = new Set<string>();
    let isOver = false;
    return {
      id,
      agent,
      digest,
      emit: (event) => {
        if (!isOver) agent.emit(event);
      },
      addDialog: (dialog) => {
        const session = this.#sessions.get(id);
        if (session === undefined) return;
        dialogs.add(dialog.key);
        table.addSession(dialog, session);
      },
      removeDialog: (dialog) => {
        dialogs.delete(dialog.key);
        table.removeSession(dialog.key);
      },
      end: (end, now) => {
        if (isOver) return;
        isOver = true;
        for (const key of dialogs) table.removeSession(key);
        this.#sessions.delete(id);
        this.#scopes.delete(id);
        onEnded(id, now);
        agent.emit({ type: 'session.ended', session: id, end });
      },
      contact: (flow) => agent.local.contact(flow, contactUser),
    };
  }
}

function infoOf(invite: SipRequest): SessionInfo {
  const from = parseNameAddr(header(invite, 'from') ?? '');
  const to = parseNameAddr(header(invite, 'to') ?? '');
  return {
    callId: callId(invite) ?? '',
    localUri: to?.uri ?? invite.uri,
    remoteUri: from?.uri ?? '',
    ...(from?.displayName !== undefined && { remoteName: from.displayName }),
  };
}

/** User part of a SIP URI, without escapes. */
export function userOf(uri: string): string | undefined {
  const user = parseSipUri(uri)?.user;
  return user === undefined ? undefined : (decodeEscapes(user) ?? user);
}
