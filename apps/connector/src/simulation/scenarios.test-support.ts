import type { EndCause } from '@offhook/contract';
import { ClientActor } from './client.test-support.ts';
import { RING_TIME, type Office } from './office.test-support.ts';

/** What must be true of a call when everything is over. */
export interface Expected {
  /** One of these; several where two sides race. */
  readonly causes: readonly EndCause[];
  /** States that the cloud must have been told of, in this order; others may lie between. */
  readonly through?: readonly string[];
  /** Codes that the client may have been refused with. */
  readonly refusals?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** Sets a call going for a user of that name; the number or caller on the other side is `peer`. */
  readonly start: (office: Office, user: string, peer: string) => Expected;
}

const CONNECTOR = { address: '192.0.2.2', port: 5060 };

function outgoing(office: Office, user: string, peer: string): ClientActor {
  return new ClientActor(office, office.addUser(user)).place(peer);
}

function incoming(office: Office, user: string, peer: string): ClientActor {
  const actor = new ClientActor(office, office.addUser(user));
  office.peers.call(peer, `line-${user}`, CONNECTOR);
  return actor;
}

const refused =
  (status: number, causes: readonly EndCause[], rings: boolean): Scenario['start'] =>
  (office, user, peer) => {
    const { random } = office;
    office.peers.teach(peer, {
      ...(rings ? { ringAfter: 50 } : {}),
      refuseAfter: random.integer(100, 4_000),
      refuseWith: status,
    });
    outgoing(office, user, peer);
    return { causes, through: ['calling', 'ended'] };
  };

/** Every way that a call may go, on both sides. The numbers are random delays in milliseconds. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'outgoing, answered, hung up here',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, {
        ringAfter: random.integer(0, 300),
        answerAfter: random.integer(300, 3_000),
      });
      outgoing(office, user, peer).when('connected', random.integer(100, 8_000), 'hangUp');
      return { causes: ['completed'], through: ['calling', 'connected', 'ended'] };
    },
  },
  {
    name: 'outgoing, answered, hung up there',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, {
        answerAfter: random.integer(0, 3_000),
        hangUpAfter: random.integer(0, 8_000),
      });
      outgoing(office, user, peer);
      return { causes: ['completed'], through: ['calling', 'connected', 'ended'] };
    },
  },
  {
    name: 'outgoing, held and retrieved',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, { ringAfter: 20, answerAfter: random.integer(100, 1_000) });
      outgoing(office, user, peer)
        .when('connected', random.integer(0, 2_000), 'hold')
        .when('held', random.integer(0, 2_000), 'retrieve')
        .when('held', 20_000, 'hangUp');
      return { causes: ['completed'], through: ['calling', 'connected', 'held', 'connected', 'ended'] };
    },
  },
  {
    name: 'outgoing, hold is refused by the other side',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, { answerAfter: 200, refuseOffersWith: 488 });
      outgoing(office, user, peer)
        .when('connected', random.integer(0, 2_000), 'hold')
        .when('connected', 15_000, 'hangUp');
      return {
        causes: ['completed'],
        through: ['calling', 'connected', 'ended'],
        refusals: ['hold_refused'],
      };
    },
  },
  {
    name: 'outgoing, the other side holds and retrieves',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, {
        answerAfter: 200,
        holdAfter: random.integer(100, 1_000),
        retrieveAfter: 12_000,
        hangUpAfter: 25_000,
      });
      outgoing(office, user, peer);
      return { causes: ['completed'], through: ['connected', 'heldByRemote', 'connected', 'ended'] };
    },
  },
  {
    name: 'outgoing, both hold at once',
    start: (office, user, peer) => {
      const { random } = office;
      const moment = random.integer(50, 2_000);
      office.peers.teach(peer, { answerAfter: 100, holdAfter: moment, hangUpAfter: 40_000 });
      outgoing(office, user, peer).when('connected', moment, 'hold');
      return { causes: ['completed'], through: ['connected', 'held', 'ended'] };
    },
  },
  { name: 'outgoing, busy', start: refused(486, ['busy'], false) },
  { name: 'outgoing, rejected', start: refused(603, ['rejected'], true) },
  { name: 'outgoing, unknown number', start: refused(404, ['unknown_number'], false) },
  { name: 'outgoing, PBX in maintenance', start: refused(503, ['pbx_unreachable'], false) },
  {
    name: 'outgoing, nobody answers',
    start: (office, user, peer) => {
      office.peers.teach(peer, { ringAfter: 10, refuseAfter: 15_000, refuseWith: 480 });
      outgoing(office, user, peer);
      // Every 180 may be lost: they are not sent again.
      return { causes: ['no_answer', 'unreachable'], through: ['calling', 'ended'] };
    },
  },
  {
    name: 'outgoing, cancelled while it rings',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, { ringAfter: random.integer(0, 200), answerAfter: 60_000 });
      outgoing(office, user, peer).when('calling', random.integer(500, 6_000), 'hangUp');
      return { causes: ['cancelled'], through: ['calling', 'ended'] };
    },
  },
  {
    name: 'outgoing, cancelled at once',
    start: (office, user, peer) => {
      const { random } = office;
      office.peers.teach(peer, { ringAfter: random.integer(0, 200), answerAfter: random.integer(0, 400) });
      outgoing(office, user, peer).when('calling', random.integer(0, 3), 'hangUp');
      return { causes: ['cancelled'], through: ['calling', 'ended'] };
    },
  },
  {
    name: 'outgoing, hung up while it is answered',
    start: (office, user, peer) => {
      const { random } = office;
      const moment = random.integer(100, 2_000);
      office.peers.teach(peer, { ringAfter: 10, answerAfter: moment });
      outgoing(office, user, peer).when('calling', moment + random.integer(0, 150), 'hangUp');
      return { causes: ['cancelled', 'completed'], through: ['calling', 'ended'] };
    },
  },
  {
    name: 'incoming, answered, hung up here',
    start: (office, user, peer) => {
      const { random } = office;
      incoming(office, user, peer)
        .when('ringing', random.integer(0, 5_000), 'answer')
        .when('connected', random.integer(0, 5_000), 'hangUp');
      return { causes: ['completed'], through: ['ringing', 'connected', 'ended'] };
    },
  },
  {
    name: 'incoming, answered, hung up there',
    start: (office, user, peer) => {
      const { random } = office;
      const actor = new ClientActor(office, office.addUser(user));
      office.peers.call(peer, `line-${user}`, CONNECTOR, { hangUpAfter: random.integer(0, 5_000) });
      actor.when('ringing', random.integer(0, 5_000), 'answer');
      return { causes: ['completed'], through: ['ringing', 'connected', 'ended'] };
    },
  },
  {
    name: 'incoming, held at once and retrieved',
    start: (office, user, peer) => {
      const { random } = office;
      incoming(office, user, peer)
        .when('ringing', random.integer(0, 2_000), 'answer')
        .when('connected', random.integer(0, 100), 'hold')
        .when('held', random.integer(0, 2_000), 'retrieve')
        .when('held', 20_000, 'hangUp');
      return { causes: ['completed'], through: ['ringing', 'connected', 'held', 'connected', 'ended'] };
    },
  },
  {
    name: 'incoming, two windows answer at once',
    start: (office, user, peer) => {
      const { random } = office;
      const actor = incoming(office, user, peer);
      actor
        .when('ringing', 500, 'answer')
        .when('ringing', 500, 'answer')
        .when('connected', random.integer(100, 3_000), 'hangUp');
      return {
        causes: ['completed'],
        through: ['ringing', 'connected', 'ended'],
        refusals: ['call_already_answered'],
      };
    },
  },
  {
    name: 'incoming, rejected',
    start: (office, user, peer) => {
      incoming(office, user, peer).when('ringing', office.random.integer(0, 5_000), 'reject');
      return { causes: ['declined'], through: ['ringing', 'ended'] };
    },
  },
  {
    name: 'incoming, nobody answers',
    start: (office, user, peer) => {
      incoming(office, user, peer);
      return { causes: ['no_answer'], through: ['ringing', 'ended'] };
    },
  },
  {
    name: 'incoming, the caller gives up',
    start: (office, user, peer) => {
      const actor = new ClientActor(office, office.addUser(user));
      const call = office.peers.call(peer, `line-${user}`, CONNECTOR);
      office.clock.after(office.random.integer(200, RING_TIME - 8_000), () => {
        office.peers.end(call);
      });
      actor.when('held', 0, 'hangUp');
      return { causes: ['cancelled'], through: ['ringing', 'ended'] };
    },
  },
  {
    name: 'incoming, answered on the desk phone',
    start: (office, user, peer) => {
      office.addUser(user);
      const call = office.peers.call(peer, `line-${user}`, CONNECTOR);
      office.clock.after(office.random.integer(200, RING_TIME - 8_000), () => {
        office.peers.end(call, 'SIP;cause=200;text="Call completed elsewhere"');
      });
      return { causes: ['answered_elsewhere'], through: ['ringing', 'ended'] };
    },
  },
  {
    name: 'incoming, the caller gives up while it is answered',
    start: (office, user, peer) => {
      const moment = office.random.integer(200, 3_000);
      const actor = new ClientActor(office, office.addUser(user)).when('ringing', moment, 'answer');
      const call = office.peers.call(peer, `line-${user}`, CONNECTOR);
      office.clock.after(moment + office.random.integer(0, 200), () => {
        office.peers.end(call);
      });
      void actor;
      return {
        causes: ['cancelled', 'completed'],
        through: ['ringing', 'ended'],
        refusals: ['call_not_found'],
      };
    },
  },
  {
    name: 'incoming, nobody is there',
    start: (office, user, peer) => {
      office.addUser(user, 'absent');
      office.peers.call(peer, `line-${user}`, CONNECTOR);
      return { causes: ['unreachable'] };
    },
  },
];
