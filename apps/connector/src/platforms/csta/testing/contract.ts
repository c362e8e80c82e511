import type { DeviceConnection } from '@offhook/call-model';
import { settle } from '../../../testing/virtual-clock.ts';
import type { LegHandle, Subject } from '../../platform.ts';
import type { TestPlatform } from '../../contract-suite.ts';
import type { CstaProfile } from '../profile.ts';
import { MOBILE } from './desk.ts';
import type { FakeOptions } from './fake-exchange.ts';
import { ANNA, LINES } from './lines.ts';
import { Office } from './office.ts';

/** Every word of SIP fails: what the contract promises is the control link's. */
const leg: LegHandle = {
  session: 1 as LegHandle['session'],
  sipCallId: 'leg@test',
  remote: { number: '200' },
  room: undefined,
  refer: () => Promise.reject(new Error('no SIP here')),
  meet: () => Promise.reject(new Error('no SIP here')),
  welcome: () => {},
  redirect: () => Promise.reject(new Error('no SIP here')),
  yield: () => {},
};

/** For the contract suite of all platforms: Anna, with a mobile, and a colleague at whose phone something rings. */
export async function openForContract(
  profile: CstaProfile,
  exchange: Partial<FakeOptions>,
): Promise<TestPlatform> {
  const [anna] = LINES;
  if (anna === undefined) throw new Error('no line');
  const line = { ...anna, kept: { alternativeNumber: MOBILE } };
  const office = new Office({ profile, exchange, lines: [line] });
  if (profile.alternative === 'static_forwarding') office.exchange.statics.set('101', MOBILE);
  office.exchange.call('209', '203');
  office.apply();
  await office.pass(500);
  const told: TestPlatform['told'] = {
    get devices() {
      return office.reports.map(({ report }) => report);
    },
    get settings() {
      return office.settingsTold.map(({ settings }) => settings);
    },
    get abilities() {
      return office.abilitiesTold;
    },
    links: office.links,
  };
  const connectionOf = (place: DeviceConnection['place'], number: string): Subject => {
    const connection = office
      .connections(ANNA)
      .find((one) => one.place === place && one.remote.number === number);
    return { line, remoteNumber: number, leg: place === 'line' ? leg : undefined, connection };
  };
  return {
    platform: office.platform,
    line,
    told,
    pass: (milliseconds) => office.pass(milliseconds, 50),
    behave: (how) => {
      office.link.instead = (): ReturnType<NonNullable<typeof office.link.instead>> => {
        if (how === 'agree') return undefined;
        return how === 'silent' ? 'nothing' : { error: 'operation.privilegeViolationSpecifiedDevice' };
      };
    },
    atClient: async (number, state) => {
      const call = office.exchange.call(number, '5101');
      if (state !== 'ringing') office.exchange.answer(call, '5101');
      if (state === 'held') office.exchange.hold(call, '5101');
      await office.pass(50);
      return connectionOf('line', number);
    },
    desk: {
      begin: async (number, state) => {
        const call = office.exchange.call(number, '101');
        if (state !== 'ringing') office.exchange.answer(call, '101');
        if (state === 'held') office.exchange.hold(call, '101');
        await office.pass(50);
      },
      end: async (number) => {
        for (const call of office.exchange.calls.values()) {
          if (call.parts.has('101') && call.calling === number) office.exchange.clear(call, '101');
        }
        await office.pass(50);
      },
      subject: (number) => connectionOf('desk_phone', number),
    },
    link: { lose: () => office.lose(), restore: () => office.restore() },
    [Symbol.dispose]: () => {
      office.platform.stop();
      void settle();
    },
  };
}

/** All of it: an exchange that has every service. */
export const EVERYTHING = [
  'transfer',
  'completeTransfer',
  'conference',
  'deflect',
  'toVoicemail',
  'pushToDesk',
  'pushToAlternative',
  'pull',
  'park',
  'callBack',
  'pickUp',
  'groupPickUp',
  'place',
  'answer',
  'hangUp',
  'hold',
  'retrieve',
  'alternate',
  'reconnect',
  'digits',
] as const;

export const EVERY_SETTING = [
  'forwarding.immediate',
  'forwarding.busy',
  'forwarding.noAnswer',
  'doNotDisturb',
  'alternativeNumber',
  'routing',
  'busyBehaviour',
] as const;
