import type { SessionId } from '@offhook/sip';
import { chosenSeeds, SeededRandom } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { anna, Scene, sdp } from '../testing/scene.ts';
import { deadline } from './machine.ts';
import type { CallEffect, CallInput } from './model.ts';

const STEPS = 150;
const SEQUENCES = 300;
const carla = { number: '203' };
const why = { code: 'media_failed', text: 'no' } as const;
const busy: Extract<CallInput, { kind: 'next.ended' }> = {
  kind: 'next.ended',
  end: {
    by: 'refused',
    response: { kind: 'response', status: 486, reason: 'Busy', headers: [], body: new Uint8Array() },
  },
};

/** What surrounds one leg: it owes the answers that it is asked for, in whatever order and mood. */
class Surroundings {
  readonly scene = Scene.connected();
  readonly faults: string[] = [];
  readonly #random: SeededRandom;
  readonly #open = new Set<number>();
  /** Descriptions that the engine owes. */
  #describing = 0;
  #reoffering = false;
  #next: 'none' | 'offered' | 'inviting' = 'none';
  #referring: 'no' | 'sent' | 'accepted' = 'no';
  #session: 'up' | 'gone' = 'up';
  /** What was left for a room. */
  #old: 'none' | 'up' = 'none';
  #lastRequest = 1_000;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  get over(): boolean {
    return this.scene.phase === 'ended';
  }

  get openRequests(): number {
    return this.#open.size;
  }

  feed(input: CallInput): void {
    const wasOver = this.over;
    this.scene.feed(input);
    if (wasOver && !this.over) this.faults.push('it has come back');
    for (const effect of this.scene.effects) this.#note(effect);
    if (this.#describing > 1) this.faults.push(`${String(this.#describing)} descriptions at once`);
    const at = deadline(this.scene.call);
    if (this.#describing > 0 && !this.over && at === undefined)
      this.faults.push('waits for the engine for ever');
  }

  #note(effect: CallEffect): void {
    switch (effect.kind) {
      case 'reply':
      case 'refuse':
        // Those of the scene itself are below.
        if (effect.requestId >= 1_000 && !this.#open.delete(effect.requestId)) {
          this.faults.push(`request ${String(effect.requestId)} is answered twice`);
        }
        break;
      case 'media.create_pbx_offer':
        if (this.#next === 'inviting') this.faults.push('a second offer while one is out');
        this.#describing += 1;
        break;
      case 'media.answer_pbx_offer':
        this.#describing += 1;
        break;
      case 'media.give_up':
      case 'media.close':
        this.#describing = 0;
        break;
      case 'sip.reoffer':
        if (this.#reoffering) this.faults.push('a second re-INVITE while one is out');
        this.#reoffering = true;
        break;
      case 'sip.refer':
        this.#referring = 'sent';
        break;
      case 'next.invite':
        if (this.#next !== 'none') this.faults.push('a second session while one is coming');
        this.#next = 'inviting';
        break;
      case 'next.accept':
        if (this.#next !== 'offered') this.faults.push('an answer that nobody waits for');
        this.#moved();
        break;
      case 'next.take':
        this.#moved();
        break;
      case 'next.keep':
        if (this.#old !== 'none') this.faults.push('a second room');
        this.#moved();
        this.#old = 'up';
        break;
      case 'next.back':
        if (this.#old !== 'up') this.faults.push('back to what is gone');
        this.#moved();
        this.#old = 'none';
        break;
      case 'old.leave':
        this.#old = 'none';
        this.#referring = 'no';
        break;
      case 'old.refer':
        this.#referring = 'sent';
        break;
      case 'next.refuse':
      case 'next.end':
        this.#next = 'none';
        break;
      case 'sip.end':
        this.#session = 'gone';
        break;
      case 'sip.invite':
      case 'sip.ring':
      case 'sip.accept':
      case 'sip.refuse':
      case 'sip.redirect':
      case 'sip.accept_offer':
      case 'sip.refuse_offer':
      case 'sip.accept_refer':
      case 'sip.refuse_refer':
      case 'sip.report':
      case 'sip.probe':
      case 'media.open_browser_leg':
      case 'media.candidate':
      case 'media.accept_pbx_answer':
      case 'media.set_flow':
      case 'media.dtmf':
      case 'reattach':
        break;
    }
  }

  get #isLeaving(): boolean {
    const { phase } = this.scene.call;
    return phase.name === 'talking' && phase.move !== undefined;
  }

  #moved(): void {
    this.#next = 'none';
    this.#session = 'up';
    this.#reoffering = false;
    this.#referring = 'no';
  }

  #request(): number {
    this.#lastRequest += 1;
    this.#open.add(this.#lastRequest);
    return this.#lastRequest;
  }

  /** Somebody wants something. */
  wish(): void {
    const requestId = this.#request();
    switch (this.#random.integer(0, 9)) {
      case 0:
        this.feed({ kind: 'request', requestId, clientId: anna, request: { method: 'hold' } });
        return;
      case 1:
        this.feed({ kind: 'request', requestId, clientId: anna, request: { method: 'retrieve' } });
        return;
      case 2:
        this.feed({ kind: 'leg.refer', requestId, target: { kind: 'uri', uri: 'sip:203@pbx.example' } });
        return;
      case 3:
        this.feed({ kind: 'leg.refer', requestId, target: { kind: 'replaces', session: 9 as SessionId } });
        return;
      case 4:
        this.feed({ kind: 'leg.meet', requestId, uri: 'sip:90042@pbx.example' });
        return;
      default:
        this.#open.delete(requestId);
    }
    switch (this.#random.integer(0, 6)) {
      case 0:
        if (this.#session === 'up')
          this.feed({ kind: 'sip.reoffer', offer: this.#random.chance(0.7) ? sdp() : undefined });
        break;
      case 1:
        if (this.#session === 'up') this.feed({ kind: 'sip.referred', remote: carla });
        break;
      case 2:
        if (this.#next !== 'none') break;
        this.#next = 'offered';
        this.feed({
          kind: 'next.offered',
          offer: this.#random.chance(0.7) ? sdp() : undefined,
          remote: carla,
        });
        break;
      case 3:
        this.feed({
          kind: 'leg.yield',
          state: this.#random.pick(['offered', 'kept', 'kept', 'kept'] as const),
        });
        break;
      case 4:
        this.feed({ kind: 'media.browser', legId: id.leg('leg-1'), state: 'connected' });
        break;
      case 5:
        if (this.#session === 'up') this.feed({ kind: 'sip.confirmed', answer: undefined });
        break;
      case 6:
        // Nearly always while we are on our way to somebody else; else it is just the end.
        if (this.#session === 'gone' || !this.#random.chance(this.#isLeaving ? 0.5 : 0.01)) break;
        this.#session = 'gone';
        this.#reoffering = false;
        this.feed({ kind: 'sip.ended', end: { by: 'remote' } });
        break;
      default:
    }
  }

  /** Whoever owes something gives it. */
  give(well: boolean): void {
    const owed: (() => void)[] = [];
    if (this.#describing > 0) {
      owed.push(() => {
        this.#describing -= 1;
        this.feed(
          well ? { kind: 'media.pbx_description', description: 'ours' } : { kind: 'media.pbx_refused', why },
        );
      });
    }
    if (this.#reoffering && this.#session === 'up') {
      owed.push(() => {
        this.#reoffering = false;
        const status = well ? 200 : 488;
        this.feed({ kind: 'sip.reoffer_result', ok: well, answer: well ? sdp() : undefined, status });
      });
    }
    if (this.#next === 'offered') {
      if (!well) owed.push(() => this.#endNext());
    } else if (this.#next === 'inviting') {
      owed.push(() => {
        if (well) this.feed({ kind: 'next.accepted', answer: sdp(), needsAnswer: false });
        else this.#endNext();
      });
    }
    if (this.#old === 'up' && !well) {
      owed.push(() => {
        this.#old = 'none';
        this.feed({ kind: 'old.ended', end: { by: 'remote' } });
      });
    }
    if (this.#referring !== 'no') {
      owed.push(() => {
        const isFirst = this.#referring === 'sent';
        this.#referring = isFirst && well ? 'accepted' : 'no';
        const outcome = { kind: 'reported', status: 486, reason: 'Busy' } as const;
        this.feed({
          kind: 'sip.referral',
          state: isFirst && well ? { name: 'accepted', reports: true } : { name: 'ended', outcome },
        });
      });
    }
    if (owed.length > 0) this.#random.pick(owed)();
  }

  #endNext(): void {
    this.#next = 'none';
    this.feed(busy);
  }

  /** Everything is given until nothing more is wanted, and time passes. */
  settle(): void {
    for (let round = 0; round < 60; round += 1) {
      this.give(true);
      if (this.#session === 'up') this.feed({ kind: 'sip.confirmed', answer: sdp() });
    }
    this.feed({ kind: 'leg.yield', state: 'kept' });
    for (let minute = 0; minute < 3; minute += 1) {
      this.scene.time += 60_000;
      this.feed({ kind: 'tick' });
      this.give(true);
    }
  }
}

describe('whatever comes in whatever order', () => {
  test.each(chosenSeeds([1, 2, 3]))(
    '[RFC3264-4] one exchange at a time, every request answered once, and no leg stuck (seed %i)',
    (seed) => {
      for (let sequence = 0; sequence < SEQUENCES; sequence += 1) {
        const random = new SeededRandom(seed * 100_000 + sequence);
        const world = new Surroundings(seed * 100_000 + sequence + 50_000);
        for (let count = 0; count < STEPS && !world.over; count += 1) {
          if (random.chance(0.4)) world.wish();
          else if (random.chance(0.05)) {
            world.scene.time += random.integer(1, 12_000);
            world.feed({ kind: 'tick' });
          } else world.give(random.chance(0.8));
        }
        world.settle();
        expect({ sequence, faults: world.faults }).toEqual({ sequence, faults: [] });
        if (world.over) continue;
        expect({ sequence, open: world.openRequests }).toEqual({ sequence, open: 0 });
        expect(world.scene.call.phase).toMatchObject({
          name: 'talking',
          exchange: { name: 'idle' },
          order: undefined,
          move: undefined,
        });
      }
    },
  );
});
