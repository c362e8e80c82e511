import { describe, expect, it } from 'vitest';
import { vectorsAbsent } from '../message/vectors.test-support.ts';
import type { Role, StageOptions } from './rfc3665.test-support.ts';
import { Stage } from './rfc3665.test-support.ts';
import { nothingLeft } from './world.test-support.ts';

interface Play {
  readonly section: string;
  readonly role: Role;
  readonly title: string;
  readonly script: string;
  /** The session events that the application gets until the script is over; `+` with a description. */
  readonly hears: string;
  readonly end?: string;
  /** Where we are right not to do as the RFC prints; the comment says why. */
  readonly differs?: readonly string[];
  readonly options?: StageOptions;
}

const callers: readonly Play[] = [
  {
    section: '3.1',
    role: 'alice',
    title: 'calls without proxies, and is hung up on',
    script: 'call >1 <2 <3 >4 <5 >6',
    hears: 'progress accepted+ ended',
    end: 'remote',
    // Nobody else serves the domain here.
    options: { elsewhere: { 'biloxi.example.com': { address: '192.0.2.201' } } },
  },
  {
    section: '3.2',
    role: 'alice',
    title: 'is challenged by its proxy, and sends ACK along the route set of the 200',
    script: 'call >1 <2 >3 >4 <6 <11 <14 >15 <20 >21',
    hears: 'progress accepted+ ended',
    end: 'remote',
  },
  {
    section: '3.3',
    role: 'alice',
    title: 'is challenged by two proxies, and shows both their credentials from then on',
    script: 'call >1 <2 >3 >4 <5 <9 >10 >11 <12 <18 >19',
    hears: 'accepted+',
    // The RFC has forgotten Route in the third INVITE: it has to go through ss1 as the two before did.
    differs: ['F11 route', 'F11 towards'],
  },
  {
    section: '3.4',
    role: 'alice',
    title: 'gets nothing from the first proxy for 32 s, and calls through the second',
    script: 'call >1 wait:32 >2 >3 >4 >5 >6 >7 call >8 <9 >10 >11 <13 <15 <17 >18 <21 >22',
    hears: 'ended progress accepted+ ended',
    end: 'remote',
  },
  {
    section: '3.5',
    role: 'alice',
    title: 'calls through an application gateway, and hangs up',
    script: 'call challenge >1 <3 <8 <11 >12 end >14 <17',
    hears: 'progress accepted+ ended',
    end: 'local',
  },
  {
    section: '3.6',
    role: 'alice',
    title: 'follows a 302 to another domain and transport, and answers the offer of the 200 in ACK',
    script: 'call >1 <2 >3 >4 <6 <8 <10 acknowledge >11 <14 >15',
    hears: 'redirected progress accepted+ ended',
    end: 'remote',
    options: { redirects: 1, elsewhere: { 'biloxi.example.com': { transport: 'udp' } } },
  },
  {
    section: '3.7',
    role: 'alice',
    title: 'takes the re-INVITE of a callee that has moved, and sends BYE to its new Contact',
    script: 'call >1 <3 <5 <7 >8 <9 acceptOffer >10 <11 end >12 <13',
    hears: 'progress accepted+ reoffer+ ended',
    end: 'local',
  },
  {
    section: '3.8',
    role: 'alice',
    title: 'gives up while it rings: CANCEL, and ACK to the 487',
    script: 'call challenge >1 <3 <8 end >9 <10 <19 >20',
    hears: 'progress ended',
    end: 'local',
  },
  {
    section: '3.9',
    role: 'alice',
    title: 'finds the callee busy',
    script: 'call challenge >1 <3 <10 >11',
    hears: 'ended',
    end: 'refused 486',
  },
  {
    section: '3.10',
    role: 'alice',
    title: 'is told 480 by the proxy that the callee does not answer',
    script: 'call challenge >1 <3 <14 >15',
    hears: 'ended',
    end: 'refused 480',
  },
  {
    section: '3.11',
    role: 'alice',
    title: 'is told 480 by the callee after it rang',
    script: 'call challenge >1 <3 <8 <13 >14',
    hears: 'progress ended',
    end: 'refused 480',
  },
];

const callees: readonly Play[] = [
  {
    section: '3.1',
    role: 'bob',
    title: 'rings, answers and hangs up',
    script: '<1 ring >2 accept >3 <4 end >5 <6',
    hears: 'incoming+ confirmed ended',
    end: 'local',
  },
  {
    section: '3.2',
    role: 'bob',
    title: 'gives Record-Route back, and sends BYE along it',
    script: '<7 ring >9 accept >12 <17 end >18 <23',
    hears: 'incoming+ confirmed ended',
    end: 'local',
  },
  {
    section: '3.3',
    role: 'bob',
    title: 'answers at once, and knows nothing of the credentials',
    script: '<15 accept >16 <21',
    hears: 'incoming+ confirmed',
  },
  {
    section: '3.4',
    role: 'bob',
    title: 'is called through the second proxy alone',
    script: '<12 ring >14 accept >16 <19 end >20 <23',
    hears: 'incoming+ confirmed ended',
    end: 'local',
  },
  {
    section: '3.5',
    role: 'bob',
    title: 'is called through an application gateway, and hung up on',
    script: '<4 ring >6 accept >9 <13 <15 >16',
    hears: 'incoming+ confirmed ended',
    end: 'remote',
  },
  {
    section: '3.6',
    role: 'ss2',
    title: 'redirects the caller with 302',
    script: '<1 refuse >2 <3',
    hears: 'incoming ended',
    end: 'local',
  },
  {
    section: '3.6',
    role: 'bob in Chicago',
    title: 'offers in the 200, and has the answer of the ACK',
    script: '<5 ring >7 accept >9 <12 end >13 <16',
    hears: 'incoming confirmed+ ended',
    end: 'local',
  },
  {
    section: '3.7',
    role: 'bob',
    title: 'tells a new address in a re-INVITE, and is hung up on',
    script: '<2 ring >4 accept >6 <8 reoffer >9 <10 >11 <12 >13',
    hears: 'incoming+ confirmed reoffer_result+ ended',
    end: 'remote',
    // An endpoint of ours stays where it is; only the description moves.
    differs: ['F9 via', 'F9 contact', 'F11 via'],
  },
  {
    section: '3.8',
    role: 'bob',
    title: 'is cancelled while it rings: 200 to the CANCEL, 487 to the INVITE',
    script: '<4 ring >6 <13 >14 >15 <16',
    hears: 'incoming+ ended',
    end: 'remote',
  },
  {
    section: '3.9',
    role: 'bob',
    title: 'is busy',
    script: '<4 refuse >6 <7',
    hears: 'incoming+ ended',
    end: 'local',
  },
  {
    section: '3.11',
    role: 'bob',
    title: 'rings, and is not available after all',
    script: '<4 ring >6 refuse >9 <10',
    hears: 'incoming+ ended',
    end: 'local',
  },
];

describe.skipIf(vectorsAbsent('flows'))('the calls of RFC 3665', () => {
  it.each([...callers, ...callees])('[RFC3665-$section] $role $title', (play) => {
    const { section, role, script, hears, end, differs = [] } = play;
    const stage = new Stage(section, role, play.options);
    const found = stage.play(script);
    expect(found.filter(({ where }) => !differs.includes(where))).toEqual([]);
    expect(found.map(({ where }) => where)).toEqual(differs);
    expect(stage.unexpected()).toEqual([]);
    expect(stage.heard()).toBe(hears);
    expect(stage.ended()).toBe(end);
    stage.finish();
    expect(stage.lab.endpoint.counts()).toMatchObject({ ...nothingLeft, malformed: 0, stray: 0 });
  });

  it('[RFC3665-3.10] seven INVITEs whose answers are all lost are one call to the callee', () => {
    const stage = new Stage('3.10', 'bob');
    expect(stage.play('<4 <6 <7 <8 <9 <10 <11')).toEqual([]);
    expect(stage.heard()).toBe('incoming+');
    expect(stage.lab.endpoint.counts()).toMatchObject({ sessions: 1, transactions: 1 });
    stage.finish();
    expect(stage.lab.endpoint.counts()).toMatchObject(nothingLeft);
  });

  it('[RFC3665-3.4] where both proxies are found under one name, the second is tried in the same call', () => {
    const stage = new Stage('3.4', 'alice');
    const { lab } = stage;
    const proxies = ['192.0.2.111', '192.0.2.222'].map((address) => ({ address, port: 5060 }));
    const targets = proxies.map((place) => ({ transport: 'udp', ...place }) as const);
    lab.names.set('ss1.atlanta.example.com', targets);
    // Four transmissions in the 4 s that a server has while another is left; then the next CSeq and branch.
    const found = stage.play('call >1 wait:4 >2 >3 >4');
    expect(found).toEqual([]);
    const [next] = lab.sent;
    expect(next?.target.address).toBe('192.0.2.222');
    expect(lab.takeSent()).toEqual(['INVITE']);
    expect(stage.heard()).toBe('');
  });
});
