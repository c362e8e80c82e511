import type { Abilities, DeviceReport } from '@offhook/call-model';
import {
  OffhookError,
  type ErrorCode,
  type LineConfig,
  type LineSettings,
  type SettingName,
  type SettingsChange,
} from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import type { Platform, PlatformCalls, Subject } from './platform.ts';

/** What a platform has told since it was opened. */
export interface Told {
  readonly devices: DeviceReport[];
  readonly settings: LineSettings[];
  abilities: number;
  readonly links: string[];
}

/** A platform with a scripted exchange behind it, in virtual time: opened anew for each test. */
export interface TestPlatform extends Disposable {
  readonly platform: Platform;
  /** Of the one user that there is: registered, probed, with an alternative number. */
  readonly line: LineConfig;
  readonly told: Told;
  /** Lets virtual time pass, with everything settled. */
  pass(milliseconds: number): Promise<void>;
  /** How the exchange takes what it is asked from now on. */
  behave(how: 'agree' | 'refuse' | 'silent'): void;
  /** A call at the user's line, at a client. */
  atClient(number: string, state: 'ringing' | 'talking' | 'held'): Promise<Subject>;
  /** The exchange shows calls at the desk phone; `undefined`: it never does. */
  readonly desk: TestDesk | undefined;
  /** The control link, where there is one. */
  readonly link: { readonly lose: () => Promise<void>; readonly restore: () => Promise<void> } | undefined;
}

/** Calls at the desk phone, by the number of the other side. */
export interface TestDesk {
  readonly begin: (number: string, state: 'ringing' | 'talking' | 'held') => Promise<void>;
  readonly end: (number: string) => Promise<void>;
  /** As a request finds the call. */
  readonly subject: (number: string) => Subject;
}

/** As the services of calls are named, where there is one. */
export type OperationId =
  | 'transfer'
  | 'completeTransfer'
  | 'conference'
  | 'deflect'
  | 'toVoicemail'
  | 'pushToDesk'
  | 'pushToAlternative'
  | 'pull'
  | 'park'
  | 'callBack'
  | 'pickUp'
  | 'groupPickUp'
  | 'place'
  | 'answer'
  | 'hangUp'
  | 'hold'
  | 'retrieve'
  | 'alternate'
  | 'reconnect'
  | 'digits';

/** What this platform can do with this exchange behind it: all that it says of itself is held to it, and so is the rest. */
export interface Promised {
  readonly can: readonly OperationId[];
  /** Of these, what resolves without asking the exchange. */
  readonly local: readonly OperationId[];
  readonly settable: readonly SettingName[];
  /** Of the settings, what the exchange is not asked for. */
  readonly kept: readonly SettingName[];
  readonly open: () => Promise<TestPlatform>;
}

interface Operation {
  readonly id: OperationId;
  /** Whether the platform says that it can. */
  readonly offered: (can: Abilities) => boolean;
  readonly act: (exchange: TestPlatform) => Promise<() => Promise<unknown>>;
}

const COLLEAGUE = '203';

/** An operation on one call at a client in this state. */
const onLeg =
  (
    state: 'ringing' | 'talking',
    act: (calls: PlatformCalls, subject: Subject) => Promise<unknown>,
  ): Operation['act'] =>
  async (exchange) => {
    const subject = await exchange.atClient('200', state);
    return () => act(exchange.platform.calls, subject);
  };

/** A call at the desk phone, or what a request would find there if there were one. */
async function deskCall(
  exchange: TestPlatform,
  number: string,
  state: 'ringing' | 'talking' | 'held',
): Promise<Subject> {
  const { desk, line } = exchange;
  await desk?.begin(number, state);
  return desk?.subject(number) ?? { line, remoteNumber: number, leg: undefined, connection: undefined };
}

const onDesk =
  (
    state: 'ringing' | 'talking' | 'held',
    act: (calls: PlatformCalls, subject: Subject) => Promise<unknown>,
  ): Operation['act'] =>
  async (exchange) => {
    const subject = await deskCall(exchange, '200', state);
    return () => act(exchange.platform.calls, subject);
  };

const onTwoAtDesk =
  (act: (calls: PlatformCalls, held: Subject, active: Subject) => Promise<unknown>): Operation['act'] =>
  async (exchange) => {
    const held = await deskCall(exchange, '200', 'held');
    const active = await deskCall(exchange, '201', 'talking');
    return () => act(exchange.platform.calls, held, active);
  };

const onLine =
  (act: (calls: PlatformCalls, line: LineConfig) => Promise<unknown>): Operation['act'] =>
  (exchange) =>
    Promise.resolve(() => act(exchange.platform.calls, exchange.line));

const OPERATIONS: readonly Operation[] = [
  {
    id: 'transfer',
    offered: (can) => can.transfer,
    act: onLeg('talking', (calls, subject) => calls.transfer(subject, COLLEAGUE)),
  },
  {
    id: 'completeTransfer',
    offered: (can) => can.completeTransfer,
    act: async (exchange) => {
      const held = await exchange.atClient('200', 'held');
      const active = await exchange.atClient('201', 'talking');
      return () => exchange.platform.calls.completeTransfer(held, active);
    },
  },
  {
    id: 'conference',
    offered: (can) => can.conference !== 'none',
    act: async (exchange) => {
      const held = await exchange.atClient('200', 'held');
      const active = await exchange.atClient('201', 'talking');
      return () => exchange.platform.calls.conference(held, active);
    },
  },
  {
    id: 'deflect',
    offered: (can) => can.deflect,
    act: onLeg('ringing', (calls, subject) => calls.deflect(subject, COLLEAGUE)),
  },
  {
    id: 'toVoicemail',
    offered: (can) => can.toVoicemail,
    act: onLeg('ringing', (calls, subject) => calls.toVoicemail(subject)),
  },
  {
    id: 'pushToDesk',
    offered: (can) => can.desk?.push === true,
    act: onLeg('talking', (calls, subject) => calls.push(subject, 'desk_phone')),
  },
  {
    id: 'pushToAlternative',
    offered: (can) => can.pushToAlternative,
    act: onLeg('talking', (calls, subject) => calls.push(subject, 'alternative')),
  },
  {
    id: 'pull',
    offered: (can) => can.desk?.pull === true,
    act: onDesk('talking', (calls, subject) => calls.pull(subject)),
  },
  {
    id: 'park',
    offered: (can) => can.park,
    act: onLeg('talking', (calls, subject) => calls.park(subject)),
  },
  {
    id: 'callBack',
    offered: (can) => can.callBack,
    act: onLine((calls, line) => calls.callBack(line, COLLEAGUE)),
  },
  {
    id: 'pickUp',
    offered: (can) => can.pickUp,
    act: onLine((calls, line) => calls.pickUp(line, COLLEAGUE)),
  },
  {
    id: 'groupPickUp',
    offered: (can) => can.groupPickUp,
    act: onLine((calls, line) => calls.pickUp(line, undefined)),
  },
  {
    id: 'place',
    offered: (can) => can.desk?.place === true,
    act: onLine((calls, line) => calls.place(line, COLLEAGUE, undefined)),
  },
  {
    id: 'answer',
    offered: (can) => can.desk?.answer === true,
    act: onDesk('ringing', (calls, subject) => calls.answer(subject)),
  },
  {
    id: 'hangUp',
    offered: (can) => can.desk?.hangUp === true,
    act: onDesk('talking', (calls, subject) => calls.hangUp(subject)),
  },
  {
    id: 'hold',
    offered: (can) => can.desk?.control === true,
    act: onDesk('talking', (calls, subject) => calls.hold(subject)),
  },
  {
    id: 'retrieve',
    offered: (can) => can.desk?.control === true,
    act: onDesk('held', (calls, subject) => calls.retrieve(subject)),
  },
  {
    id: 'alternate',
    offered: (can) => can.desk?.control === true,
    act: onTwoAtDesk((calls, held, active) => calls.alternate(held, active)),
  },
  {
    id: 'reconnect',
    offered: (can) => can.desk?.control === true,
    act: onTwoAtDesk((calls, held, active) => calls.reconnect(held, active)),
  },
  {
    id: 'digits',
    offered: (can) => can.desk?.control === true,
    act: onDesk('talking', (calls, subject) => calls.digits(subject, '12')),
  },
];

/** Milliseconds in which everything has an outcome, whatever the exchange does. */
const PATIENCE = 130_000;

const UNSUPPORTED: readonly string[] = [
  'feature_unsupported',
  'no_desk_phone',
  'no_alternative_number',
] satisfies ErrorCode[];
const REFUSALS: readonly string[] = [
  'feature_refused',
  'transfer_failed',
  'conference_failed',
  'push_failed',
  'pull_failed',
  'hold_refused',
  'dtmf_unsupported',
] satisfies ErrorCode[];
const SILENCES: readonly string[] = [...REFUSALS, 'timeout', 'platform_unreachable'];

/** What becomes of an operation within so much virtual time: `done`, a closed code, or `nothing`. */
async function outcomeOf(exchange: TestPlatform, act: () => Promise<unknown>): Promise<string> {
  const result: { outcome?: string } = {};
  const finished = Promise.try(act).then(
    () => (result.outcome = 'done'),
    (error: unknown) => (result.outcome = OffhookError.from(error).code),
  );
  for (let passed = 0; passed < PATIENCE && result.outcome === undefined; passed += 500) {
    await exchange.pass(500);
  }
  return result.outcome === undefined ? 'nothing' : finished;
}

/** A value that differs from the one that holds, for each setting; and a value that would be none. */
const CHANGES: Readonly<Record<SettingName, SettingsChange>> = {
  'forwarding.immediate': { forwarding: { immediate: { to: 'number', number: COLLEAGUE } } },
  'forwarding.busy': { forwarding: { busy: { to: 'number', number: COLLEAGUE } } },
  'forwarding.noAnswer': { forwarding: { noAnswer: { to: 'number', number: COLLEAGUE } } },
  doNotDisturb: { doNotDisturb: true },
  alternativeNumber: { alternativeNumber: '004915550199' },
  routing: { routing: 'all' },
  busyBehaviour: { busyBehaviour: 'busy' },
};
const SETTINGS = Object.keys(CHANGES) as SettingName[];

const setting = (names: readonly SettingName[]) =>
  names.map((one) => ({ setting: one, change: CHANGES[one] }));

/**
 * What every platform owes its callers, whatever it can do. Rules are numbered; an adapter that cannot do something has to say so
 * twice: in its abilities, and when it is asked all the same.
 */
export function platformContract(name: string, promised: Promised): void {
  const { can, local, settable, kept, open } = promised;
  const byId = (ids: readonly OperationId[]): readonly Operation[] =>
    OPERATIONS.filter(({ id }) => ids.includes(id));
  const cannot = OPERATIONS.filter(({ id }) => !can.includes(id));
  const asking = can.filter((id) => !local.includes(id));

  describe(`${name}: operations`, () => {
    test('[PL-1] what it says it can is what it can', async () => {
      using exchange = await open();
      const says = exchange.platform.abilities(exchange.line.userId);
      const offered = OPERATIONS.filter((operation) => operation.offered(says)).map(({ id }) => id);
      expect(offered).toEqual(byId(can).map(({ id }) => id));
    });

    test.each(byId(can))('[PL-2] $id is done', async (operation) => {
      using exchange = await open();
      expect(await outcomeOf(exchange, await operation.act(exchange))).toBe('done');
    });

    test.each(cannot)('[PL-3] $id is unsupported', async (operation) => {
      using exchange = await open();
      expect(UNSUPPORTED).toContain(await outcomeOf(exchange, await operation.act(exchange)));
    });

    test.each(byId(asking))('[PL-4] $id that the exchange refuses is refused', async (operation) => {
      using exchange = await open();
      const act = await operation.act(exchange);
      exchange.behave('refuse');
      expect(REFUSALS).toContain(await outcomeOf(exchange, act));
    });

    test.each(byId(asking))('[PL-5] $id has an end where the exchange says nothing', async (operation) => {
      using exchange = await open();
      const act = await operation.act(exchange);
      exchange.behave('silent');
      expect(SILENCES).toContain(await outcomeOf(exchange, act));
    });

    test.each(byId(asking))('[PL-6] $id that was refused can be asked for again', async (operation) => {
      using exchange = await open();
      const act = await operation.act(exchange);
      exchange.behave('refuse');
      await outcomeOf(exchange, act);
      exchange.behave('agree');
      expect(await outcomeOf(exchange, act)).toBe('done');
    });

    test.each(byId(local))('[PL-7] $id needs no word of the exchange', async (operation) => {
      using exchange = await open();
      const act = await operation.act(exchange);
      exchange.behave('silent');
      expect(await outcomeOf(exchange, act)).toBe('done');
    });
  });

  describe(`${name}: settings`, () => {
    test('[PL-10] what it says can be set is what can be set', async () => {
      using exchange = await open();
      const settings = exchange.platform.settings(exchange.line.userId);
      expect([...(settings?.settable ?? [])].toSorted()).toEqual([...settable].toSorted());
    });

    test.each(setting(settable))(
      '[PL-11] $setting is read back and told after it was set',
      async ({ change }) => {
        using exchange = await open();
        const { platform, line, told } = exchange;
        expect(await outcomeOf(exchange, () => platform.change(line.userId, change))).toBe('done');
        expect(platform.settings(line.userId)).toMatchObject(change);
        expect(told.settings.at(-1)).toEqual(platform.settings(line.userId));
      },
    );

    test.each(setting(SETTINGS.filter((one) => !settable.includes(one))))(
      '[PL-12] $setting cannot be set, and is as it was',
      async ({ change }) => {
        using exchange = await open();
        const { platform, line } = exchange;
        const before = platform.settings(line.userId);
        expect(await outcomeOf(exchange, () => platform.change(line.userId, change))).toBe(
          'feature_unsupported',
        );
        expect(platform.settings(line.userId)).toEqual(before);
      },
    );

    const asked = setting(settable.filter((one) => !kept.includes(one)));
    const ways = asked.flatMap((one) => [
      { ...one, how: 'refuse' as const, codes: REFUSALS },
      { ...one, how: 'silent' as const, codes: SILENCES },
    ]);
    test.each(ways)(
      '[PL-13] $setting is shown as it was where the exchange: $how',
      async ({ change, how, codes }) => {
        using exchange = await open();
        const { platform, line } = exchange;
        const before = platform.settings(line.userId);
        exchange.behave(how);
        expect(codes).toContain(await outcomeOf(exchange, () => platform.change(line.userId, change)));
        expect(platform.settings(line.userId)).toEqual(before);
      },
    );

    test.runIf(settable.includes('alternativeNumber'))(
      '[PL-14] a number that cannot be dialled is refused and nothing changes',
      async () => {
        using exchange = await open();
        const { platform, line } = exchange;
        const before = platform.settings(line.userId);
        const change = { alternativeNumber: 'sip:evil' };
        expect(await outcomeOf(exchange, () => platform.change(line.userId, change))).toBe('number_invalid');
        expect(platform.settings(line.userId)).toEqual(before);
      },
    );

    test('[PL-15] of nobody are none, and nothing is offered', async () => {
      using exchange = await open();
      const { platform } = exchange;
      const nobody = 'nobody' as LineConfig['userId'];
      expect(platform.settings(nobody)).toBeUndefined();
      expect(platform.abilities(nobody)).toMatchObject({ transfer: false, deflect: false });
      expect(platform.admit(nobody, { talking: false, number: '200' })).toEqual({ kind: 'ring' });
    });
  });

  describe(`${name}: reports`, () => {
    test.runIf(can.includes('pull'))('[PL-20] each report of the devices is the whole truth', async () => {
      using exchange = await open();
      const { desk, told } = exchange;
      await desk?.begin('200', 'talking');
      expect(told.devices.at(-1)?.connections).toMatchObject([
        { place: 'desk_phone', state: 'connected', remote: { number: '200' } },
      ]);
      await desk?.end('200');
      expect(told.devices.at(-1)?.connections).toEqual([]);
    });

    test('[PL-21] a call at a client is never one at the desk phone', async () => {
      using exchange = await open();
      await exchange.atClient('200', 'talking');
      await exchange.pass(2_000);
      const places = exchange.told.devices.flatMap(({ connections }) =>
        connections.map(({ place }) => place),
      );
      expect(places).not.toContain('desk_phone');
    });

    test('[PL-22] nothing is told after the end', async () => {
      using exchange = await open();
      exchange.platform.stop();
      await exchange.pass(1_000);
      const { devices, settings } = exchange.told;
      const count = devices.length + settings.length;
      await exchange.desk?.begin('200', 'talking');
      await exchange.pass(5_000);
      expect(devices.length + settings.length).toBe(count);
    });
  });
}

/** Besides, of a platform with a control link. */
export function controlLinkContract(name: string, { open }: Pick<Promised, 'open'>): void {
  describe(`${name}: the control link`, () => {
    test('[PL-30] what needs it says so while it is down, and works again after', async () => {
      using exchange = await open();
      const { link, platform, line, told } = exchange;
      const can = platform.abilities(line.userId);
      expect(told.links.at(-1)).toBe('up');
      await link?.lose();
      const place = (): Promise<void> => platform.calls.place(line, COLLEAGUE, undefined);
      expect(['platform_unreachable', 'feature_unsupported']).toContain(await outcomeOf(exchange, place));
      expect(told.links.at(-1)).not.toBe('up');
      await link?.restore();
      expect(told.links.at(-1)).toBe('up');
      expect(platform.abilities(line.userId)).toEqual(can);
      expect(await outcomeOf(exchange, place)).toBe('done');
    });

    test('[PL-31] after its loss the devices are told anew', async () => {
      using exchange = await open();
      const { link, desk, told } = exchange;
      await desk?.begin('200', 'talking');
      await link?.lose();
      await desk?.end('200');
      await link?.restore();
      expect(told.devices.at(-1)?.connections).toEqual([]);
    });
  });
}
