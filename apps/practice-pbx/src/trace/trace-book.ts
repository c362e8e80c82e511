import type { SipTrace } from '@offhook/sip-node';
import { CallLinks } from './call-links.ts';
import type { CallLink } from './call-links.ts';
import { ladderText } from './ladder-text.ts';
import { Peers } from './peers.ts';
import type { Peer } from './peers.ts';
import { timeline } from './timeline.ts';
import type { TimelineEntry, TimelinePosition } from './timeline.ts';
import { TraceRing } from './trace-ring.ts';
import type { TraceEntry } from './trace-ring.ts';

/** Which messages are meant; what is left out does not matter. */
export interface TraceFilter {
  /** Identifier of a call, or a Call-ID: every leg of that call. */
  readonly call?: string | undefined;
  /** A number, or the name of a participant. */
  readonly device?: string | undefined;
  /** Registrations, subscriptions and signs of life, too. */
  readonly routine: boolean;
  /** Milliseconds since 1970, both inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The messages themselves, after the ladder. */
  readonly messages: boolean;
}

/** CSTA messages and who sends them, where the PBX has a CSTA server. */
export interface CstaSide {
  trace(since: number): readonly TraceEntry[];
  readonly applications: readonly { readonly remote: string; readonly name: string }[];
}

/** All that was said over the PBX's sockets lately: SIP and CSTA in one time line, who they were, and in which call. */
export class TraceBook {
  readonly ring = new TraceRing();
  readonly #peers = new Peers();
  readonly #links = new CallLinks();
  #csta: CstaSide | undefined;

  /** From now on CSTA messages are in the time line, too. */
  joinCsta(csta: CstaSide): void {
    this.#csta = csta;
  }

  add(message: SipTrace, at: number): void {
    for (const entry of this.ring.add(message, at)) this.#peers.learn(entry);
  }

  link(link: Omit<CallLink, 'number'>): void {
    this.#links.learn(link);
  }

  links(after: number): readonly CallLink[] {
    return this.#links.since(after);
  }

  get peers(): readonly Peer[] {
    const applications = this.#csta?.applications ?? [];
    return [
      ...this.#peers.all,
      ...applications.map(({ remote, name }) => ({ remote, name, product: 'CSTA', numbers: [] })),
    ];
  }

  /** After this position, oldest first. */
  since({ sip, csta }: TimelinePosition): readonly TimelineEntry[] {
    return timeline(this.ring.since(sip), this.#csta?.trace(csta) ?? []);
  }

  text(filter: TraceFilter): string {
    const ids = filter.call === undefined ? undefined : this.#links.of(filter.call);
    const { from = 0, to = Infinity, device, routine, messages } = filter;
    const peers = new Map(this.peers.map((peer) => [peer.remote, peer]));
    const peerAt = (remote: string): Peer => peers.get(remote) ?? this.#peers.at(remote);
    const entries = this.since({ sip: 0, csta: 0 }).filter((entry) => {
      if (entry.at < from || entry.at > to || (entry.isRoutine && !routine)) return false;
      if (ids !== undefined && !entry.callIds.some((id) => ids.has(id))) return false;
      const peer = peerAt(entry.remote);
      return device === undefined || peer.name === device || peer.numbers.includes(device);
    });
    return ladderText(entries, { peerAt, messages });
  }
}
