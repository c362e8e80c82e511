import type { LineConfig, LineState, PbxConfig } from '@offhook/contract';
import type { Flow, RegisterParams, RegistrationId, SipEndpointApi } from '@offhook/sip';
import { VirtualClock } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { inviteOf, uriOf } from '../calls/invites.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { plainPbx } from '../testing/pbx-config.ts';
import { clockOn, settle } from '../testing/virtual-clock.ts';
import { AttachedLines } from './attached-lines.ts';
import { PbxLocator } from './locator.ts';

const pbx: PbxConfig = {
  kind: 'generic-sip',
  host: '192.0.2.1',
  port: 5070,
  transport: 'udp',
  domain: 'pbx.example',
  registerExpires: 600,
  ringSeconds: 30,
  ...plainPbx,
};
const onTrunk = (register: boolean): PbxConfig => ({
  ...pbx,
  attachment: { by: 'trunk', register, number: '4930500', authUser: 'trunk-user', password: 'trunk-secret' },
});
const line = (name: string, number: string, changes: Partial<LineConfig> = {}): LineConfig => ({
  lineId: id.line(`line-${name}`),
  userId: id.user(name),
  number,
  displayName: name,
  authUser: number,
  password: 'secret',
  kept: {},
  ...changes,
});
const lines = [line('anna', '+4930500101'), line('ben', '5102', { mainNumber: '102' })];

function setUp(config: PbxConfig) {
  const time = new VirtualClock();
  const registered: RegisterParams[] = [];
  const removed: number[] = [];
  const changes: [string, LineState['state']][] = [];
  const endpoint = {
    register: (params: RegisterParams) => registered.push(params) as RegistrationId,
    unregister: (registration: RegistrationId) => {
      removed.push(registration);
      attached.onRegistration(registration, { name: 'unregistered' });
    },
  } as unknown as SipEndpointApi;
  const clock = clockOn(time);
  const locator = new PbxLocator({
    lookup: () => Promise.reject(new Error('no DNS')),
    clock,
    log: quiet,
    onMoved: () => attached.relocated(),
    onUnknown: () => attached.unlocated(),
  });
  const attached: AttachedLines = new AttachedLines(
    {
      sip: { run: (command) => command(endpoint, time.now) },
      clock,
      random: () => 0.5,
      log: quiet,
      onChanged: (userId, { state }) => changes.push([userId, state]),
    },
    locator,
  );
  attached.apply({ revision: 1, pbx: config, lines });
  time.advance(1_000);
  return { attached, registered, removed, changes, time };
}

const trunk = 1 as RegistrationId;

describe('lines behind one trunk', () => {
  test('the trunk registers once, and its state is that of every line', () => {
    const { attached, registered, changes } = setUp(onTrunk(true));
    expect(registered).toMatchObject([
      { aor: 'sip:4930500@pbx.example', credentials: { username: 'trunk-user', password: 'trunk-secret' } },
    ]);
    changes.length = 0;
    attached.onRegistration(trunk, { name: 'registered', expiresAt: 0, serviceRoute: ['<sip:edge;lr>'] });
    expect(changes).toEqual([
      ['anna', 'registered'],
      ['ben', 'registered'],
    ]);
    expect(attached.counts()).toEqual({ lines: 2, registered: 2, failed: 0 });
    expect(attached.stateOf(id.user('ben'))).toEqual({ number: '5102', state: 'registered' });
    expect(attached.ofUser(id.user('anna'))).toMatchObject({ registered: true, route: ['<sip:edge;lr>'] });
  });

  test('a trunk that the PBX knows by its address needs no registration', async () => {
    const { attached, registered } = setUp(onTrunk(false));
    await settle();
    expect(registered).toEqual([]);
    expect(attached.stateOf(id.user('anna'))).toMatchObject({ state: 'registered' });
    expect(attached.ofUser(id.user('anna'))).toMatchObject({ registered: true, route: [] });
  });

  test('calls are made in the name of the user’s main number, with the trunk’s account', () => {
    const { attached } = setUp(onTrunk(true));
    const ben = attached.ofUser(id.user('ben'));
    if (ben === undefined) throw new Error('no line');
    const offer = { contentType: 'application/sdp', bytes: new Uint8Array() };
    // The trunk asserts who calls: nothing is preferred beside it.
    const call = { to: uriOf(ben, '200'), sipCallId: 'x', offer, callerId: '+49 30 500' };
    expect(inviteOf(ben, call)).toMatchObject({
      to: 'sip:200@pbx.example',
      from: 'sip:102@pbx.example',
      contactUser: 'line-ben',
      credentials: { username: 'trunk-user' },
      headers: [['P-Asserted-Identity', '<sip:102@pbx.example>']],
    });
  });

  test.each([
    ['the Contact of our own call', 'line-anna', 'anything', 'anna'],
    ['the number, without its plus', '4930500101', 'anything', 'anna'],
    ['the main number', '102', 'anything', 'ben'],
    ['the number of the own line', '5102', 'anything', 'ben'],
    ['the trunk, with the number in To', 'trunk', '102', 'ben'],
    ['nobody', '999', '998', undefined],
  ])('an INVITE of the PBX finds its user by %s', (_, requestUser, toUser, user) => {
    const { attached } = setUp(onTrunk(true));
    expect(attached.ofInvite(requestUser, toUser, true)?.userId).toBe(user);
    expect(attached.ofInvite(requestUser, toUser, false)).toBeUndefined();
  });

  test('who goes over to single lines takes the trunk’s binding back, and registers each', () => {
    const { attached, registered, removed, time } = setUp(onTrunk(true));
    attached.onRegistration(trunk, { name: 'registered', expiresAt: 0, serviceRoute: [] });
    attached.apply({ revision: 2, pbx, lines });
    time.advance(1_000);
    expect(removed).toEqual([1]);
    expect(registered.slice(1).map(({ aor }) => aor)).toEqual([
      'sip:+4930500101@pbx.example',
      'sip:5102@pbx.example',
    ]);
    expect(attached.isPbx({ address: '192.0.2.1' } as Flow)).toBe(true);
  });
});
