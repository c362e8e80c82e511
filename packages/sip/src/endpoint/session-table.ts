import type { Agent } from '../agent/agent.ts';
import { DigestClient } from '../auth/client.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { dialogKeyOfRequest } from '../dialog/dialog.ts';
import { callId, header } from '../message/headers.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import type { SipRequest } from '../message/types.ts';
import { decodeEscapes, parseSipUri } from '../message/uri.ts';
import { IncomingCall } from '../session/incoming-call.ts';
import { OutgoingCall } from '../session/outgoing-call.ts';
import type { SessionScope } from '../session/scope.ts';
import { Session } from '../session/session.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Body, InviteParams, Millis, SessionId, SessionInfo } from './api.ts';
import { SipUsageError } from './errors.ts';

interface Entry {
  readonly session: Session;
  readonly dialog: Dialog;
}

/** An INVITE that made a session, and the To tag of all responses to it. */
interface Invitation {
  /** `undefined` when the session is over. */
  readonly session: Session | undefined;
  readonly localTag: string;
}

export interface SessionTableOptions {
  readonly agent: Agent;
  /** Credentials for requests inside calls that were made to one of our registered contacts. */
  readonly digestFor: (contactUser: string) => DigestClient | undefined;
  readonly onEnded: (session: SessionId, now: Millis) => void;
}

/** The INVITE sessions of an endpoint and their dialogs. */
export class SessionTable {
  readonly #options: SessionTableOptions;
  readonly #sessions = new Map<SessionId, Session>();
  readonly #dialogs = new Map<string, Entry>();
  #lastId = 0;

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get dialogs(): number {
    return this.#dialogs.size;
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

  findByDialog(request: SipRequest): Entry | undefined {
    const key = dialogKeyOfRequest(request);
    return key === undefined ? undefined : this.#dialogs.get(key);
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
      params.credentials === undefined ? undefined : new DigestClient(params.credentials, agent.random);
    const identity = {
      callId: params.callId ?? identifiers.callId(),
      localTag: identifiers.tag(),
    };
    return this.#add(params.contactUser, digest, (scope, onEstablished) => {
      return new OutgoingCall(scope, params, identity, onEstablished, now);
    }).id;
  }

  /** A new INVITE with the offer that it brought. */
  incoming(transaction: ServerTransaction, offer: Body | undefined, now: Millis): void {
    const { agent, digestFor } = this.#options;
    const { request, flow } = transaction;
    const user = userOf(request.uri);
    const digest = user === undefined ? undefined : digestFor(user);
    const localTag = agent.identifiers.tag();
    const hasOffer = offer !== undefined;
    const session = this.#add(user, digest, (scope, onEstablished) => {
      return new IncomingCall(scope, transaction, localTag, hasOffer, onEstablished, now);
    });
    transaction.invitation = { id: session.id, localTag };
    agent.emit({
      type: 'session.incoming',
      session: session.id,
      request,
      info: infoOf(request),
      flow,
      ...(hasOffer && { offer }),
    });
  }

  #add(
    contactUser: string | undefined,
    digest: DigestClient | undefined,
    start: (
      scope: SessionScope,
      onEstablished: ConstructorParameters<typeof OutgoingCall>[3],
    ) => OutgoingCall | IncomingCall,
  ): Session {
    this.#lastId += 1;
    const id = this.#lastId as SessionId;
    const scope = this.#scope(id, contactUser, digest);
    const session = new Session(id, (onEstablished) => start(scope, onEstablished));
    this.#sessions.set(id, session);
    return session;
  }

  #scope(id: SessionId, contactUser: string | undefined, digest: DigestClient | undefined): SessionScope {
    const { agent, onEnded } = this.#options;
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
        this.#dialogs.set(dialog.key, { session, dialog });
      },
      removeDialog: (dialog) => {
        dialogs.delete(dialog.key);
        this.#dialogs.delete(dialog.key);
      },
      end: (end, now) => {
        if (isOver) return;
        isOver = true;
        for (const key of dialogs) this.#dialogs.delete(key);
        this.#sessions.delete(id);
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

function userOf(uri: string): string | undefined {
  const user = parseSipUri(uri)?.user;
  return user === undefined ? undefined : (decodeEscapes(user) ?? user);
}
