import type { DeviceReport } from '@offhook/call-model';
import type { LineConfig, PbxConfig, PlatformKind, UserId } from '@offhook/contract';
import { beforeEach, describe, expect, test } from 'vitest';
import { FakePlatform } from '../testing/fake-platform.ts';
import { id } from '../testing/ids.ts';
import { plainPbx } from '../testing/pbx-config.ts';
import { CurrentPlatform } from './current.ts';
import type { PlatformEvents } from './platform.ts';

const anna = id.user('anna');
const ben = id.user('ben');
const talking: DeviceReport = {
  connections: [
    {
      place: 'desk_phone',
      platformCall: 'p1',
      state: 'connected',
      direction: 'incoming',
      remote: { number: '400' },
      since: 0,
    },
  ],
};

let made: { readonly kind: PlatformKind; readonly events: PlatformEvents }[];
let devices: string[];
let abilities: UserId[];
let current: CurrentPlatform;

beforeEach(() => {
  made = [];
  devices = [];
  abilities = [];
  current = new CurrentPlatform(
    (kind, events) => {
      made.push({ kind, events });
      return new FakePlatform();
    },
    {
      onDevices: (userId, { connections }) => devices.push(`${userId} ${String(connections.length)}`),
      onSettings: () => {},
      onAbilities: (userId) => abilities.push(userId),
      onLink: () => {},
    },
  );
});

const apply = (kind: PlatformKind, ...users: readonly UserId[]): void => {
  const pbx: PbxConfig = {
    ...plainPbx,
    kind,
    host: 'pbx.example',
    port: 5060,
    transport: 'udp',
    registerExpires: 600,
    ringSeconds: 20,
  };
  const lines = users.map((userId): LineConfig => ({
    lineId: id.line(`line-${userId}`),
    userId,
    number: userId,
    displayName: userId,
    authUser: userId,
    password: 'secret',
    kept: {},
  }));
  current.apply({ pbx, lines });
};

describe('what a platform has reported', () => {
  beforeEach(() => {
    apply('openscape-voice', anna, ben);
    made[0]?.events.onDevices(anna, talking);
    devices.length = 0;
  });

  test('[A14] is taken back when another kind takes its place, and what it says later is passed over', () => {
    apply('generic-sip', anna, ben);
    expect(made.map(({ kind }) => kind)).toEqual(['openscape-voice', 'generic-sip']);
    expect(devices).toEqual(['anna 0']);
    made[0]?.events.onDevices(ben, talking);
    expect(devices).toEqual(['anna 0']);
    made[1]?.events.onDevices(ben, talking);
    expect(devices).toEqual(['anna 0', 'ben 1']);
  });

  test('[A14] is taken back for a user who is gone, and stays for the others', () => {
    made[0]?.events.onDevices(ben, talking);
    apply('openscape-voice', ben);
    expect(devices).toEqual(['ben 1', 'anna 0']);
    expect(abilities).toEqual([anna]);
    made[0]?.events.onDevices(anna, talking);
    expect(devices).toEqual(['ben 1', 'anna 0']);
  });

  test('stays when the same kind is configured anew', () => {
    apply('openscape-voice', anna, ben);
    expect(made).toHaveLength(1);
    expect(devices).toEqual([]);
  });
});
