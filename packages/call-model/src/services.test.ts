import type { CallService, EndCause } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import type { Abilities } from './index.ts';
import {
  CAROL,
  EVERYTHING,
  LAPTOP,
  NOTHING,
  TABLET,
  User,
  connected,
  connection,
  desk,
  held,
  line,
  type LegOptions,
} from './user.test-support.ts';

const here: LegOptions = { state: connected(), owner: LAPTOP };
const heldHere: LegOptions = { state: held(), owner: LAPTOP };
const owner = (user: User, id: string): readonly CallService[] => user.see(id).permitted.owner;
const others = (user: User, id: string): readonly CallService[] => user.see(id).permitted.others;
const without = (abilities: Partial<Abilities>): Abilities => ({ ...EVERYTHING, ...abilities });
const deskOf = (change: Partial<NonNullable<Abilities['desk']>>): Abilities => ({
  ...EVERYTHING,
  desk: { place: true, answer: true, control: true, hangUp: true, pull: true, push: true, ...change },
});

describe('a call that is on its way', () => {
  it('[CM-50] permits nothing but its end, by the client that holds it', () => {
    const pushed = new User().leg('a', here).handOver('a', 'desk_phone');
    expect(pushed.see('a').permitted).toEqual({ owner: ['hangUp'], others: [] });
    const pulled = new User().report(desk('p', 'connected')).handOver('seen-1', 'client');
    pulled.leg('seen-1', { direction: 'outgoing', state: { name: 'calling' }, owner: LAPTOP });
    expect(pulled.see('seen-1').permitted).toEqual({ owner: [], others: [] });
    expect(pulled.report().see('seen-1').permitted).toEqual({ owner: ['hangUp'], others: [] });
  });

  it('[CM-51] permits nothing new while its leg is being changed, nor does a call beside it count on it', () => {
    const user = new User().leg('a', { ...here, busy: true }).leg('b', heldHere);
    expect(owner(user, 'a')).toEqual(['hangUp', 'mute', 'dtmf', 'attach']);
    expect(owner(user, 'b')).not.toContain('completeTransfer');
    expect(owner(user, 'b')).not.toContain('alternate');
    expect(owner(user.leg('a', here), 'b')).toEqual(
      expect.arrayContaining(['completeTransfer', 'alternate']),
    );
  });
});

describe('a call in a conference room', () => {
  it('[CM-48] is not handed over or parked as if one person were in it, but others can be joined to it', () => {
    const user = new User(without({ conference: 'mix' }))
      .leg('room', { ...here, members: [CAROL] })
      .leg('b', heldHere);
    const handsOver = ['transfer', 'park', 'pushToDesk', 'pushToAlternative', 'completeTransfer'] as const;
    for (const service of handsOver) expect(owner(user, 'room')).not.toContain(service);
    expect(owner(user, 'room')).toEqual(expect.arrayContaining(['conference', 'consult', 'hold']));
    expect(owner(user, 'b')).toEqual(expect.arrayContaining(['conference', 'transfer']));
    expect(owner(user, 'b')).not.toContain('completeTransfer');
    expect(user.asks(LAPTOP, 'conference', 'b', 'room')).toBe('yes');
    user.leg('c', heldHere);
    expect(owner(user, 'b')).toContain('completeTransfer');
    expect(user.asks(LAPTOP, 'completeTransfer', 'b', 'c')).toBe('yes');
    expect(user.asks(LAPTOP, 'completeTransfer', 'b', 'room')).toBe('call_not_permitted');
  });
});

describe('a call that rings', () => {
  it('[CM-52] can be sent elsewhere where the platform can, by every client', () => {
    const user = new User().leg('a');
    expect(owner(user, 'a')).toEqual(['answer', 'reject', 'deflect', 'pushToAlternative', 'toVoicemail']);
    expect(others(user, 'a')).toEqual(owner(user, 'a'));
    expect(owner(new User(NOTHING).leg('a'), 'a')).toEqual(['answer', 'reject']);
    expect(owner(new User(without({ deflect: false })).leg('a'), 'a')).toEqual([
      'answer',
      'reject',
      'toVoicemail',
    ]);
    expect(owner(new User().leg('a', { owner: LAPTOP }), 'a')).toEqual(['hangUp']);
  });

  it('[CM-52] is sent elsewhere from the leg though the desk phone may not, and not where its line may not', () => {
    const user = new User().leg('a').report(desk('p', 'alerting', { permitted: ['answerAtDesk'] }));
    expect(owner(user, 'a')).toEqual(expect.arrayContaining(['deflect', 'answerAtDesk']));
    user.report(line('p', 'alerting', { permitted: [] }), desk('p', 'alerting', { permitted: [] }));
    expect(owner(user, 'a')).toEqual(['answer', 'reject', 'toVoicemail']);
  });

  it('[CM-53] at the desk phone alone can be answered there or brought here', () => {
    const user = new User().report(desk('p', 'alerting'));
    expect(others(user, 'seen-1')).toEqual([
      'deflect',
      'pushToAlternative',
      'toVoicemail',
      'answerAtDesk',
      'pull',
    ]);
    expect(others(user.leg('seen-1'), 'seen-1')).not.toContain('pull');
    expect(
      others(new User(deskOf({ pull: false, answer: false })).report(desk('p', 'alerting')), 'seen-1'),
    ).toEqual(['deflect', 'pushToAlternative', 'toVoicemail']);
    const silent = new User().report(desk('p', 'alerting', { permitted: ['answerAtDesk'] }));
    expect(others(silent, 'seen-1')).toEqual(['toVoicemail', 'answerAtDesk', 'pull']);
  });

  it('[CM-54] at the other side permits to be called back instead', () => {
    const outgoing: LegOptions = { direction: 'outgoing', owner: LAPTOP };
    expect(owner(new User().leg('a', outgoing), 'a')).toEqual(['hangUp', 'mute', 'attach', 'callBack']);
    const calling = new User().leg('a', { ...outgoing, state: { name: 'calling' } });
    expect(owner(calling, 'a')).toEqual(['hangUp', 'mute', 'attach']);
    expect(owner(new User(NOTHING).leg('a', outgoing), 'a')).not.toContain('callBack');
  });
});

describe('a conversation', () => {
  const conversation: readonly CallService[] = [
    'consult',
    'transfer',
    'park',
    'pushToDesk',
    'pushToAlternative',
  ];

  it('[CM-55] at a client permits what its leg does and what the platform can', () => {
    const user = new User().leg('a', here);
    expect(owner(user, 'a')).toEqual(['hangUp', 'hold', 'mute', 'dtmf', 'attach', ...conversation]);
    expect(others(user, 'a')).toEqual(['pull']);
    const bare = new User(NOTHING).leg('a', here);
    expect(owner(bare, 'a')).toEqual(['hangUp', 'hold', 'mute', 'dtmf', 'attach', 'consult']);
  });

  it('[CM-55] that is mixed is not handed over', () => {
    const user = new User(without({ conference: 'mix' })).leg('a', here).leg('b', here).mixes('a', 'b');
    expect(owner(user, 'a')).toEqual(['hangUp', 'hold', 'mute', 'dtmf', 'attach', 'consult']);
  });

  it('[CM-56] can be joined with another at the same place', () => {
    const user = new User().leg('a', heldHere).leg('b', { ...here, remote: CAROL });
    for (const id of ['a', 'b']) {
      expect(owner(user, id)).toEqual(expect.arrayContaining(['completeTransfer', 'conference']));
    }
    user.leg('b', { ...here, remote: CAROL, owner: TABLET });
    expect(owner(user, 'a')).not.toContain('completeTransfer');
    const unanswered = new User().leg('a', heldHere).leg('b', { owner: LAPTOP, direction: 'outgoing' });
    expect(owner(unanswered, 'a')).not.toContain('conference');
  });

  it('[CM-56] with what is mixed with a third, or on its way, it cannot', () => {
    const user = new User(without({ conference: 'mix' })).leg('a', here).leg('b', here).mixes('a', 'b');
    user.leg('c', heldHere);
    expect(owner(user, 'c')).not.toContain('conference');
    const moving = new User().leg('a', here).leg('b', heldHere).handOver('a', 'desk_phone');
    expect(owner(moving, 'b')).not.toContain('completeTransfer');
    expect(owner(moving, 'b')).not.toContain('alternate');
  });

  it.each([
    ['platform', true, true],
    ['mix', true, false],
    ['none', false, false],
  ] as const)('[CM-56] conference %s: at a client %s, at the desk phone %s', (conference, client, atDesk) => {
    const can = without({ conference });
    const user = new User(can).leg('a', heldHere).leg('b', here);
    user.report(desk('p', 'held'), desk('q', 'connected', { remote: CAROL }));
    expect(owner(user, 'a').includes('conference')).toBe(client);
    expect(others(user, 'seen-1').includes('conference')).toBe(atDesk);
  });

  it('[CM-57] that is held beside one that talks can be swapped with it', () => {
    const user = new User().leg('a', heldHere).leg('b', here);
    expect(owner(user, 'a')).toContain('alternate');
    expect(owner(user, 'b')).not.toContain('alternate');
    expect(owner(user.leg('b', heldHere), 'a')).not.toContain('alternate');
  });

  it('[CM-57] that is held for a consultation can be taken back at once', () => {
    const user = new User().leg('a', heldHere);
    user.leg('b', { direction: 'outgoing', owner: LAPTOP, state: { name: 'calling' } }).consults('b', 'a');
    expect(owner(user, 'a')).toContain('reconnect');
    expect(owner(user, 'a')).not.toContain('alternate');
    expect(owner(user.leg('b', here), 'a')).toContain('reconnect');
    expect(owner(user.leg('b', heldHere), 'a')).not.toContain('reconnect');
    expect(owner(user.legEnds('b', 'busy'), 'a')).not.toContain('reconnect');
  });
});

describe('a call at a device of the user', () => {
  it('[CM-58] permits every client what the desk phone lets itself be asked', () => {
    const user = new User().report(desk('p', 'connected'));
    const services = ['hangUp', 'pull', 'hold', 'dtmf', 'consult', 'transfer', 'park', 'pushToAlternative'];
    expect(user.see('seen-1').permitted).toEqual({ owner: services, others: services });
    expect(others(user.report(desk('p', 'held')), 'seen-1')).toEqual(
      services.flatMap((service) =>
        service === 'dtmf' ? [] : service === 'hold' ? ['retrieve'] : [service],
      ),
    );
    expect(others(user.report(desk('p', 'calling')), 'seen-1')).toEqual(['hangUp']);
  });

  it('[CM-58] permits nothing where the desk phone is only seen', () => {
    expect(others(new User(NOTHING).report(desk('p', 'connected')), 'seen-1')).toEqual([]);
    const can = deskOf({ hangUp: false, pull: false, control: false });
    expect(others(new User(can).report(desk('p', 'connected')), 'seen-1')).toEqual([]);
    expect(others(new User(deskOf({ control: false })).report(desk('p', 'connected')), 'seen-1')).toEqual([
      'hangUp',
      'pull',
    ]);
  });

  it('[CM-58] permits no more than the platform says of the connection, but for what is made of several of its services', () => {
    const user = new User().report(desk('p', 'connected', { permitted: ['hold'] }));
    expect(others(user, 'seen-1')).toEqual(['pull', 'hold', 'pushToAlternative']);
  });

  it('[CM-58] can be fetched from the alternative number and from the park, and nowhere else', () => {
    const at = (place: 'alternative' | 'parked' | 'voicemail'): readonly CallService[] =>
      others(new User().report(connection(place, 'p', 'connected')), 'seen-1');
    expect(at('alternative')).toEqual(['pull']);
    expect(at('parked')).toEqual(['pull']);
    expect(at('voicemail')).toEqual([]);
    const blind = new User(deskOf({ pull: false })).report(connection('alternative', 'p', 'connected'));
    expect(others(blind, 'seen-1')).toEqual([]);
  });
});

describe('a call that is over', () => {
  it.each<[EndCause, readonly CallService[]]>([
    ['busy', ['callBack']],
    ['no_answer', ['callBack']],
    ['unreachable', ['callBack']],
    ['rejected', []],
    ['cancelled', []],
  ])('[CM-59] for %s permits %j to who called', (cause, services) => {
    const user = new User().leg('a', { direction: 'outgoing', owner: LAPTOP }).legEnds('a', cause);
    expect(user.see('a').permitted).toEqual({ owner: services, others: services });
    expect(others(new User().leg('b').legEnds('b', cause), 'b')).toEqual([]);
  });
});
