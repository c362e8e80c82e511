import { Limits, type DirectoryEntry, type Me, type Snapshot, type UserId } from '@offhook/contract';
import { createApiClient } from './api/api-client.ts';
import { Calls } from './calls/calls.ts';
import { RingGuard } from './calls/ring-guard.ts';
import { Directory } from './directory/directory.ts';
import { Favourites } from './favourites/favourites.ts';
import { History } from './history/history.ts';
import { claimClientId, newClientId } from './identity/client-id.ts';
import { bundleOf } from './diagnostics/bundle.ts';
import { createLogBook } from './diagnostics/log-book.ts';
import type { CheckListener, CheckReport, DevicePorts } from './diagnostics/self-test.ts';
import { tellStory } from './diagnostics/story.ts';
import type { HttpRequest, Ports } from './ports.ts';
import { Connection, type ConnectionState } from './realtime/connection.ts';
import type { IncomingEvent } from './realtime/frames.ts';
import { PresenceManager } from './presence/presence.ts';
import { QualityWatch } from './quality/quality.ts';
import { Session } from './session/session.ts';
import { Settings } from './settings/settings.ts';
import { withCallChanged, withConversationsOnly, withSnapshot } from './state/calls.ts';
import { cloudTime } from './state/selectors.ts';
import { initialState, type SignedOutReason } from './state/state.ts';
import { createPhoneStore, type PhoneStore } from './state/store.ts';

/** What a shell needs of the phone: a state to draw and things to do. */
export interface Phone {
  readonly store: PhoneStore;
  start(): void;
  /** Both resolve to what is asked for next, or to who is signed in now. They reject with `OffhookError`. */
  ask(request: HttpRequest): Promise<unknown>;
  /** Somebody has signed in at this window: the cookie is there. */
  enter(me: Me): void;
  /** Ends this window's calls first. Rejects with `OffhookError`. */
  signOut(): Promise<void>;
  /** Calls do not reject: what went wrong is in the store, beside the call. */
  readonly calls: Pick<
    Calls,
    | 'place'
    | 'placeAtDesk'
    | 'pickUp'
    | 'cancelAttempt'
    | 'answer'
    | 'answerAtDesk'
    | 'reject'
    | 'deflect'
    | 'toVoicemail'
    | 'hangUp'
    | 'hold'
    | 'retrieve'
    | 'setMuted'
    | 'renewMicrophones'
    | 'sendDtmf'
    | 'pull'
    | 'push'
    | 'consult'
    | 'alternate'
    | 'reconnect'
    | 'transfer'
    | 'completeTransfer'
    | 'conference'
    | 'park'
    | 'callBack'
    | 'dismissCall'
    | 'dismissProblem'
  >;
  /** Does not reject: what became of a change is in the store. */
  readonly settings: Pick<Settings, 'change' | 'undo' | 'dismiss'>;
  readonly presence: Pick<PresenceManager, 'choose' | 'watch'>;
  /** What people think of a call that is over. Does not reject. */
  readonly quality: Pick<QualityWatch, 'rate' | 'dismissRating'>;
  readonly diagnostics: Diagnostics;
  /** Rejects with `OffhookError`. */
  /** Do not reject: what went wrong is in the store. */
  readonly favourites: Pick<Favourites, 'place' | 'remove' | 'dismiss'>;
  /** The people themselves are in the store, from when somebody needs them. */
  readonly directory: Pick<Directory, 'need' | 'person'>;
  /** Asks the cloud, for while the directory is not here yet. Rejects with `OffhookError`. */
  searchDirectory(query: string): Promise<readonly DirectoryEntry[]>;
  readonly history: Pick<History, 'page' | 'change' | 'markSeen' | 'onNews'>;
  /** The shell noticed that the network came back, that it changed, or that the window is seen again. */
  wake(why: 'online' | 'network_changed' | 'visible'): void;
  /** After another window took this one's place: be a window of one's own again. */
  resume(): Promise<void>;
  close(): void;
}

/** What the person can find out, and give to whoever helps them. */
export interface Diagnostics {
  /** See `runSelfTest`. */
  run(device: DevicePorts, told: CheckListener, signal: AbortSignal): Promise<readonly CheckReport[]>;
  /** Everything that would be sent or downloaded, as JSON, redacted. */
  bundle(checks: readonly CheckReport[]): string;
}

const SUGGESTIONS = 8;

/** Failed attempts to connect between two looks at the session. */
const VERIFY_EVERY = 4;

/** The phone without its face: wires session, connection, calls and state. */
export function createPhone(given: Ports): Phone {
  const book = createLogBook(given.clock, given.log);
  const ports: Ports = { ...given, log: book.log };
  const store = createPhoneStore();
  const endStory = tellStory(store, ports.log);
  const api = createApiClient(ports.http);
  let clientId: ReturnType<typeof claimClientId> | undefined;
  let refreshing = false;
  /** Whose calls the state holds: they may outlive the session. */
  let owner: UserId | undefined;

  const connection = new Connection(ports, {
    onState: connectionChanged,
    onWelcome: (welcome) => store.setState({ clockOffsetMs: welcome.now - ports.clock.now() }),
    onEvent: eventCame,
    onDoubt: () => void refresh(),
  });
  const request: Connection['request'] = (...of) => connection.request(...of);
  const calls = new Calls(ports, store, request, () => void refresh());
  const ringGuard = new RingGuard(ports.clock, store);
  const settings = new Settings(store, request, ports.log);
  const history = new History(api, store, ports.log);
  const presence = new PresenceManager(ports, store, request);
  const quality = new QualityWatch(ports, store, {
    stats: (callId) => calls.voiceStats(callId),
    report: (report) => api.reportQuality(report),
    rate: (rating) => api.rateCall(rating),
  });
  const favourites = new Favourites(store, request, ports);
  const directory = new Directory(api, ports, store);
  const session = new Session(ports, api, store, {
    onSignedIn: (me) => {
      takePlace(me.userId);
      presence.signedIn();
      void connect();
    },
    onSignedOut: signedOut,
  });

  const diagnostics: Diagnostics = {
    run: async (device, told, signal) => {
      // Seldom wanted, and not by a call: it does not weigh on the start.
      const { runSelfTest } = await import('./diagnostics/self-test.ts');
      const ping = async (): Promise<number> => {
        const began = ports.clock.now();
        await connection.request('ping', {});
        return ports.clock.now() - began;
      };
      const { clock, http, openSocket } = ports;
      return runSelfTest(
        { ...device, clock, http, openSocket, ping, state: () => store.getState() },
        told,
        signal,
      );
    },
    bundle: (checks) =>
      bundleOf({
        agent: ports.agent,
        at: ports.clock.now(),
        entries: book.entries(),
        checks,
        state: store.getState(),
      }),
  };

  async function connect(): Promise<void> {
    clientId ??= claimClientId(ports);
    connection.start(await clientId);
  }

  function connectionChanged(state: ConnectionState): void {
    store.setState({ connection: state });
    switch (state.name) {
      case 'waiting':
        // Not the first failure in a row: perhaps it is not the network but the session.
        if (state.attempt % VERIFY_EVERY === 2) void session.verify();
        return;
      case 'stopped':
        if (state.reason === 'signed_out') session.end('signed_out');
        if (state.reason === 'session_expired') session.end('expired');
        if (state.reason === 'second_factor_missing') session.end('second_factor_missing');
        return;
      case 'online':
        presence.online();
        void history.online();
        quality.online();
        void favourites.refresh();
        directory.online();
        return;
      case 'idle':
      case 'connecting':
      case 'greeting':
        return;
    }
  }

  function eventCame(event: IncomingEvent): void {
    switch (event.name) {
      case 'snapshot':
        snapshotCame(event.data);
        return;
      case 'call.changed': {
        const { revision, call } = event.data;
        const before = store.getState().revision;
        store.setState((state) => withCallChanged(state, revision, call, now()));
        calls.reconcile();
        // A connector in a new life: one event does not tell what else is true there.
        if (before !== undefined && before.epoch !== revision.epoch) void refresh();
        return;
      }
      case 'media.reattach':
        calls.reattach(event.data.callId);
        return;
      case 'line.changed':
        store.setState({ line: event.data.line });
        return;
      case 'settings.changed':
        settings.changed(event.data.settings);
        return;
      case 'abilities.changed':
        store.setState({ abilities: event.data.abilities });
        return;
      case 'presence.changed':
        presence.changed(event.data);
        return;
      case 'ownPresence.changed':
        presence.ownChanged(event.data.presence);
        return;
      case 'favourites.changed':
        void favourites.refresh();
        return;
      case 'directory.changed':
        directory.changed(event.data.within);
        // Names and numbers of favourites, too.
        favourites.refreshWithin(event.data.within);
        return;
      case 'connector.changed':
        store.setState({ connector: event.data.connector });
        if (event.data.connector === 'online') void refresh();
        return;
      case 'history.added':
      case 'history.changed':
      case 'history.removed':
      case 'history.missed':
        history.eventCame(event);
        return;
      case 'session.ended':
        session.end(event.data.reason);
        return;
    }
  }

  function snapshotCame(snapshot: Snapshot): void {
    takePlace(snapshot.me.userId);
    store.setState((state) => ({
      ...withSnapshot(state, snapshot, now()),
      session: { name: 'signedIn', me: snapshot.me },
    }));
    calls.catchUp({ callsKnown: snapshot.calls.known });
  }

  async function refresh(): Promise<void> {
    if (refreshing) return;
    refreshing = true;
    try {
      snapshotCame(await connection.request('snapshot.get', {}));
    } catch (thrown) {
      ports.log('warn', 'snapshot.failed', { thrown: String(thrown) });
    } finally {
      refreshing = false;
    }
  }

  function signedOut(reason: SignedOutReason): void {
    connection.stop();
    presence.signedOut();
    // A session that ran out does not cut people off in the middle of a sentence; nothing rings for nobody.
    if (reason === 'expired' || reason === 'second_factor_missing') store.setState(withConversationsOnly);
    else forgetAll();
  }

  /** Nobody sees or hears the calls of the person before. */
  function takePlace(userId: UserId): void {
    if (owner !== undefined && owner !== userId) forgetAll();
    owner = userId;
  }

  function forgetAll(): void {
    directory.forget();
    calls.closeAll();
    quality.forget();
    const { session: _session, connection: _connection, clockOffsetMs: _offset, ...forgotten } = initialState;
    store.setState(forgotten);
  }

  function now(): number {
    return cloudTime(store.getState(), ports.clock.now());
  }

  return {
    store,
    calls,
    settings,
    presence,
    history,
    quality,
    favourites,
    directory,
    start: () => void session.find(),
    ask: (request) => api.ask(request),
    enter: (me) => session.enter(me),
    async signOut() {
      const mine = store.getState().calls.filter((call) => call.position === 'here');
      await Promise.all(
        mine.filter((call) => call.state.name !== 'ended').map((call) => calls.hangUp(call.callId)),
      );
      await session.signOut();
    },
    diagnostics,
    async searchDirectory(query) {
      const params = { query: query.slice(0, Limits.searchChars), limit: SUGGESTIONS };
      return (await connection.request('directory.search', params)).entries;
    },
    wake(why) {
      session.nudge();
      connection.nudge();
      if (why !== 'visible') calls.networkChanged();
    },
    async resume() {
      clientId = newClientId(ports);
      await connect();
    },
    close() {
      session.close();
      connection.stop();
      presence.close();
      endStory();
      quality.close();
      directory.forget();
      favourites.forget();
      ringGuard.close();
      calls.closeAll();
    },
  };
}
