import { describe, expect, it } from 'vitest';
import type { Defect } from './many/broken.test-support.ts';
import { broken, sent, told, turnedInto } from './many/broken.test-support.ts';
import { invariants } from './many/invariants.test-support.ts';
import type { Feature } from './many/profile.test-support.ts';
import { allFeatures, profiles } from './many/profile.test-support.ts';
import { runWorld } from './many/run.test-support.ts';

const elsewhere = { contentType: 'application/sdp', bytes: new TextEncoder().encode('something else') };

interface Case {
  readonly invariant: string;
  readonly defect: string;
  readonly does: Defect;
  readonly features?: readonly Feature[];
  /** Where the defect is met in a world of this seed only. */
}

/** For each invariant an endpoint that breaks it. */
const cases: readonly Case[] = [
  {
    invariant: 'never_throws',
    defect: 'an endpoint that throws at its hundredth input',
    does: {
      overrides: (endpoint) => {
        let inputs = 0;
        return {
          handle: (input, now) => {
            inputs += 1;
            if (inputs === 100) throw new Error('a hundred');
            endpoint.handle(input, now);
          },
        };
      },
    },
  },
  {
    invariant: 'nobody_waits_for_ever',
    defect: 'one that forgets to hang up',
    does: { overrides: () => ({ end: () => undefined }) },
  },
  {
    invariant: 'deadlines_ahead',
    defect: 'one that has timers and no deadline',
    does: {
      overrides: (endpoint, clock) => ({
        deadline: () => (clock.now > 1_040_000 ? undefined : endpoint.deadline()),
      }),
    },
  },
  {
    invariant: 'sessions_match',
    defect: 'one that tells of no end',
    does: { effect: told('session.ended', () => []) },
  },
  {
    invariant: 'counts_bounded',
    defect: 'one that counts below zero',
    does: { overrides: (endpoint) => ({ counts: () => ({ ...endpoint.counts(), dialogs: -1 }) }) },
  },
  {
    invariant: 'counts_bounded',
    defect: 'one that arms a timer for ever and again',
    does: {
      overrides: (endpoint, clock) => ({
        counts: () => ({
          ...endpoint.counts(),
          timers: endpoint.counts().timers + (clock.now - 1_000_000) / 100,
        }),
      }),
    },
  },
  {
    invariant: 'registered_means_bound',
    defect: 'one that believes to be registered when it has only asked',
    does: {
      effect: told('registration.changed', (event) => [
        event.state.name === 'registering'
          ? { ...event, state: { name: 'registered', expiresAt: 2_000_000, serviceRoute: [] } }
          : event,
      ]),
    },
  },
  {
    invariant: 'registered_means_bound',
    defect: 'one that loses its registration',
    does: { overrides: (endpoint) => ({ counts: () => ({ ...endpoint.counts(), registrations: 0 }) }) },
  },
  {
    invariant: 'one_end',
    defect: 'one that tells of an end twice',
    does: { effect: told('session.ended', (event) => [event, event]) },
  },
  {
    invariant: 'one_call',
    defect: 'one that rings twice for one INVITE',
    does: { effect: told('session.incoming', (event) => [event, event]) },
  },
  {
    invariant: 'replaces_the_right_one',
    defect: 'one that does not say whose place a call takes',
    does: {
      effect: told('session.incoming', ({ replaces: _replaces, ...event }) => [event]),
    },
  },
  {
    invariant: 'one_final_response',
    defect: 'one that has second thoughts about a refusal',
    does: {
      effect: sent((text) =>
        text.startsWith('SIP/2.0 486 ') ? [text, text.replace('SIP/2.0 486', 'SIP/2.0 500')] : undefined,
      ),
    },
  },
  {
    invariant: 'numbers_rise',
    defect: 'one that does not count on',
    does: {
      effect: sent((text) => (text.startsWith('BYE ') ? [text.replace(/CSeq: \d+/i, 'CSeq: 1')] : undefined)),
    },
  },
  {
    invariant: 'cancel_and_ack_in_place',
    defect: 'one that cancels at once',
    does: {
      effect: sent((text) =>
        text.startsWith('INVITE ') ? [text, turnedInto('CANCEL', text, (number) => number)] : undefined,
      ),
    },
  },
  {
    invariant: 'cancel_and_ack_in_place',
    defect: 'one that acknowledges with the wrong number',
    does: {
      effect: sent((text) =>
        text.startsWith('ACK ') ? [text.replace(/CSeq: \d+/i, 'CSeq: 77')] : undefined,
      ),
    },
  },
  {
    invariant: 'bye_is_the_last',
    defect: 'one that goes on after its BYE',
    does: {
      effect: sent((text) => (text.startsWith('BYE ') ? [text, turnedInto('INFO', text)] : undefined)),
    },
  },
  {
    invariant: 'ended_is_silent',
    defect: 'one that remembers ended calls later on',
    does: afterTheEnd(),
  },
  {
    invariant: 'bye_ends',
    defect: 'one that answers a BYE and lives on',
    does: {
      effect: told('session.ended', (event) => (event.end.by === 'remote' ? [] : [event])),
    },
  },
  {
    invariant: 'answer_fits_offer',
    defect: 'one that mixes up answers',
    does: {
      effect: told('session.reoffer_result', (event) => [event.ok ? { ...event, answer: elsewhere } : event]),
    },
  },
  {
    invariant: 'both_agree',
    defect: 'one that gives its application another answer than it got',
    does: { effect: told('session.accepted', (event) => [{ ...event, body: elsewhere }]) },
  },
  {
    invariant: 'differ_by_what_was_open',
    defect: 'one that does not say that its offer was accepted',
    does: {
      effect: told('session.reoffer_result', ({ answer: _answer, ...event }) => [
        { ...event, ok: false, status: 488 },
      ]),
    },
  },
  {
    invariant: 'nobody_answers_alone',
    defect: 'one that takes ringing for an answer',
    does: {
      effect: told('session.progress', (event) => [
        {
          type: 'session.accepted',
          session: event.session,
          response: event.response,
          info: { callId: '', localUri: '', remoteUri: '' },
          body: elsewhere,
          needsAnswer: false,
        },
      ]),
    },
    features: [],
  },
  {
    invariant: 'ends_explained',
    defect: 'one that blames the network',
    does: {
      effect: told('session.ended', (event) => [{ ...event, end: { by: 'timeout', which: 'no_ack' } }]),
    },
  },
  {
    invariant: 'ends_explained',
    defect: 'one that blames the other side',
    does: {
      effect: told('session.ended', (event) => [
        event.end.by === 'local' ? { ...event, end: { by: 'refused', response: gone } } : event,
      ]),
    },
  },
  {
    invariant: 'successes_acknowledged',
    defect: 'one that acknowledges nothing',
    does: { effect: sent((text) => (text.startsWith('ACK ') ? [] : undefined)) },
  },
  {
    invariant: 'successes_acknowledged',
    defect: 'one that acknowledges once and never again',
    does: acknowledgesOnce(),
  },
  {
    invariant: 'transfers_told_truly',
    defect: 'one that calls every transfer a success',
    does: {
      effect: told('referral.changed', (event) => {
        const isReported = event.state.name === 'ended' && event.state.outcome.kind === 'reported';
        const outcome = { kind: 'reported', status: 200, reason: 'OK' } as const;
        return [isReported ? { ...event, state: { name: 'ended', outcome } } : event];
      }),
    },
  },
  {
    invariant: 'goes_as_planned',
    defect: 'one that refuses in its own words',
    does: {
      overrides: (endpoint) => ({
        refuse: (session, status, now) => endpoint.refuse(session, status === 486 ? 500 : status, now),
      }),
    },
  },
  {
    invariant: 'nothing_left',
    defect: 'one that keeps a transaction',
    does: {
      overrides: (endpoint) => ({
        counts: () => ({ ...endpoint.counts(), transactions: endpoint.counts().transactions + 1 }),
      }),
    },
  },
  {
    invariant: 'nothing_left',
    defect: 'one that does not unregister',
    does: { overrides: (endpoint) => ({ unregister: () => void endpoint.counts() }) },
  },
  {
    invariant: 'settles_in_time',
    defect: 'one that has an appointment in a quarter of an hour',
    does: {
      overrides: (endpoint, clock) => ({
        deadline: () => endpoint.deadline() ?? (clock.now < 1_400_000 ? 1_400_000 : undefined),
      }),
    },
    features: [],
  },
];

const gone = { kind: 'response', status: 410, reason: 'Gone', headers: [], body: new Uint8Array() } as const;

/** When a call is over it sends INFO, with the next request that goes out later. */
function afterTheEnd(): Defect {
  const acks: string[] = [];
  let endedAt: number | undefined;
  return {
    effect: (effect, clock) => {
      if (effect.kind === 'event' && effect.event.type === 'session.ended') endedAt = clock.now;
      if (effect.kind !== 'send') return [effect];
      const text = new TextDecoder().decode(effect.bytes);
      if (text.startsWith('ACK ')) acks.push(text);
      if (endedAt === undefined || clock.now === endedAt || !text.startsWith('REGISTER ')) return [effect];
      const infos = acks.splice(0).map((ack) => turnedInto('INFO', ack, (number) => number + 50));
      return [effect, ...infos.map((info) => ({ ...effect, bytes: new TextEncoder().encode(info) }))];
    },
  };
}

function acknowledgesOnce(): Defect {
  const acknowledged = new Set<string>();
  return {
    effect: sent((text) => {
      const isAck = text.startsWith('ACK ') && !text.includes('broken');
      const call = /Call-ID: (.*)\r\n/i.exec(text)?.[1] ?? '';
      if (!isAck || !acknowledged.has(call)) {
        if (isAck) acknowledged.add(call);
        return undefined;
      }
      return [];
    }),
  };
}

/** Some of these worlds are long, and the machine may be busy. */
const patience = 60_000;

const rough = profiles.find(({ name }) => name === 'rough');

/** Not every world comes to where a defect shows. */
const mostWorlds = 8;

/** The names of the invariants that a world with this defect breaks; of the first one that breaks the one in question. */
function brokenBy({ invariant, does, features = allFeatures }: Case): string[] {
  let names: string[] = [];
  for (let seed = 1; seed <= mostWorlds && !names.includes(invariant); seed += 1) {
    const { violations } = runWorld({
      seed,
      calls: 60,
      features,
      ...(rough !== undefined && { profile: rough }),
      wrap: (endpoint, host, clock) => (host === 'pbx' ? endpoint : broken(endpoint, does, clock)),
    });
    names = [...new Set(violations.map((violation) => violation.invariant))];
  }
  return names;
}

describe('what is always true', { timeout: patience }, () => {
  it.each(cases)('[sim] $invariant is broken by $defect', (each) => {
    expect(brokenBy(each)).toContain(each.invariant);
  });

  it('[sim] each invariant has an endpoint here that breaks it, and one that is not broken breaks none', () => {
    const shown = new Set(cases.map(({ invariant }) => invariant));
    expect(invariants.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
    expect(brokenBy({ invariant: '', defect: '', does: {} })).toEqual([]);
  });
});
