import type { EndpointEvent, EndReason, ExtraHeaders, SessionId } from '@offhook/sip';
import type { NodeEndpoint } from '@offhook/sip-node';
import { mirrored, readAudio, type AudioDescription, type Direction } from './audio-description.ts';
import { Inbox } from './inbox.ts';
import type { OwnAudio } from './own-audio.ts';
import type { Watch } from './watch.ts';

export type EventOf<T extends EndpointEvent['type']> = Extract<EndpointEvent, { type: T }>;

export interface SubjectCallOptions {
  readonly sip: NodeEndpoint;
  readonly session: SessionId;
  readonly audio: OwnAudio;
  readonly watch: Watch;
}

/** One call of a subject: what a person would do with it, and a wait for each thing that happens to it. */
export class SubjectCall {
  readonly session: SessionId;
  readonly audio: OwnAudio;
  readonly #sip: NodeEndpoint;
  readonly #inbox: Inbox<EndpointEvent>;

  constructor({ sip, session, audio, watch }: SubjectCallOptions) {
    this.session = session;
    this.audio = audio;
    this.#sip = sip;
    this.#inbox = new Inbox(watch);
  }

  /** For the subject alone: something has happened to it. */
  put(event: EndpointEvent): void {
    if (event.type === 'session.ended') {
      this.audio.beSilent();
    }
    this.#inbox.put(event);
  }

  /** Takes the next event of a type; rejects when none comes `within` milliseconds. */
  next<T extends EndpointEvent['type']>(type: T, within?: number): Promise<EventOf<T>> {
    return this.#inbox.take(
      `${type} of call ${this.session}`,
      (event): event is EventOf<T> => event.type === type,
      within,
    );
  }

  /** Whether such an event has come and was not taken. */
  has(type: EndpointEvent['type']): boolean {
    return this.#inbox.has((event) => event.type === type);
  }

  /** Waits until our own call is answered, and talks. */
  async accepted(): Promise<EventOf<'session.accepted'>> {
    const event = await this.next('session.accepted');
    const theirs = readAudio(event.body);
    if (event.needsAnswer) {
      this.#sip.run((sip, now) =>
        sip.acknowledge(this.session, this.audio.describe(mirrored[theirs.direction]), now),
      );
    }
    this.audio.talk(theirs);
    return event;
  }

  /** Answers the offer of the other side that came with a reliable provisional response or 2xx to ours without one. */
  acknowledge(): void {
    this.#sip.run((sip, now) => sip.acknowledge(this.session, this.audio.describe('sendrecv'), now));
  }

  ring(status = 180): void {
    this.#sip.run((sip, now) => sip.ring(this.session, now, { status }));
  }

  /**
   * 200 to a call from the other side: with an answer where `invitation` brought an offer, else with our offer, which
   * `confirmed` then settles.
   */
  async answer({ offer }: Pick<EventOf<'session.incoming'>, 'offer'>): Promise<void> {
    await this.audio.open();
    this.#sip.run((sip, now) => sip.accept(this.session, this.audio.describe('sendrecv'), now));
    if (offer !== undefined) {
      this.audio.talk(readAudio(offer));
    }
  }

  /** Waits for the ACK to our 200. */
  async confirmed(): Promise<void> {
    const { body } = await this.next('session.confirmed');
    if (body !== undefined) {
      this.audio.talk(readAudio(body));
    }
  }

  refuse(status: number, headers: ExtraHeaders = []): void {
    this.#sip.run((sip, now) => sip.refuse(this.session, status, now, { headers }));
  }

  /** Offers `sendonly` (or `inactive`) and waits until it is agreed; gives the direction of the answer. */
  hold(direction: 'sendonly' | 'inactive' = 'sendonly'): Promise<Direction> {
    return this.#reoffer(direction);
  }

  retrieve(): Promise<Direction> {
    return this.#reoffer('sendrecv');
  }

  /** Offers `direction`, and waits for nothing. */
  offer(direction: Direction): void {
    const description = this.audio.describe(direction);
    this.#sip.run((sip, now) => sip.reoffer(this.session, description, now));
  }

  /** Waits until the other side offers something new, agrees and gives the direction that was offered. */
  async agree(): Promise<Direction> {
    const { offer } = await this.next('session.reoffer');
    const theirs: AudioDescription | undefined = offer === undefined ? undefined : readAudio(offer);
    const direction = theirs?.direction ?? 'sendrecv';
    this.#sip.run((sip, now) => sip.acceptOffer(this.session, this.audio.describe(mirrored[direction]), now));
    if (theirs !== undefined) {
      this.audio.talk(theirs);
    }
    return direction;
  }

  /** An INFO that means nothing but "go on". */
  signal(): void {
    this.#sip.run((sip, now) => sip.requestInSession(this.session, { method: 'INFO' }, now));
  }

  hangUp(): void {
    this.#sip.run((sip, now) => sip.end(this.session, now));
  }

  async ended(within?: number): Promise<EndReason> {
    return (await this.next('session.ended', within)).end;
  }

  async #reoffer(direction: Direction): Promise<Direction> {
    this.offer(direction);
    const { ok, status, answer } = await this.next('session.reoffer_result');
    if (!ok) {
      throw new Error(`Our new offer was refused with ${status}.`);
    }
    const theirs = readAudio(answer);
    if (direction === 'sendrecv') {
      this.audio.talk(theirs);
    } else {
      // Where a PBX would play its music we say nothing, so that silence proves the hold.
      this.audio.beSilent();
    }
    return theirs.direction;
  }
}
