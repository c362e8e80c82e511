import { siemensData, toDeviceId } from '@offhook/csta';
import type { ConnectionId } from '@offhook/csta';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ExchangeConfigInput } from '../config/exchange.ts';
import { exchangeConfig } from '../config/exchange.ts';
import { startTestPbx } from '../pbx.test-support.ts';
import type { TestPbx } from '../pbx.test-support.ts';
import { DeskPhone } from '../phones/desk-phone.ts';
import { Pacer } from '../voice/pacer.ts';
import { RtpPorts } from '../voice/ports.ts';
import { Application } from './application.test-support.ts';
import { PERSONALITIES } from './personalities/index.ts';
import { CSTA_PLATFORMS } from './personalities/personality.ts';
import type { CstaPlatform } from './personalities/personality.ts';

const EXCHANGE: ExchangeConfigInput = {
  extensions: [
    {
      number: '101',
      name: 'Anna Berger',
      password: 'secret-101',
      line: { number: '5101', password: 'secret-5101' },
    },
    { number: '201', name: 'Carla Duval', password: 'secret-201' },
    { number: '202', name: 'David Engel', password: 'secret-202' },
  ],
  phones: [
    { extension: '101', toneHz: 440 },
    { extension: '201', toneHz: 550, autoAnswerMs: 0 },
    { extension: '202', toneHz: 660, autoAnswerMs: 0 },
  ],
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

async function start(platform: CstaPlatform): Promise<{ pbx: TestPbx; application: Application }> {
  const pbx = await startTestPbx({ ...EXCHANGE, platform });
  opened.push(pbx);
  const { csta } = await pbx.until('a CSTA server', (view) => view.csta !== null);
  const application = new Application(csta?.port ?? 0);
  opened.push(application);
  await application.until(() => application.statuses.at(-1) === 'ready');
  return { pbx, application };
}

/** A soft client at the line behind Anna's number: in these tests another telephone. */
async function softClient(pbx: TestPbx): Promise<DeskPhone> {
  const phone = await DeskPhone.open({
    id: 'soft',
    kind: 'desk',
    number: '5101',
    name: 'Anna Berger',
    credentials: { username: '5101', password: 'secret-5101' },
    transport: 'udp',
    toneHz: 770,
    autoAnswerMs: undefined,
    codes: exchangeConfig.parse(EXCHANGE).featureCodes,
    pbx: pbx.sip,
    ports: new RtpPorts('127.0.0.1', '127.0.0.1', { first: 40_000, last: 49_998 }),
    pacer: new Pacer(),
    onChange: () => undefined,
  });
  opened.push({ [Symbol.asyncDispose]: () => phone.close() });
  return phone;
}

const traceBody = z.object({
  trace: z.array(z.object({ at: z.number(), direction: z.string(), line: z.string() })),
});

async function traceOf(pbx: TestPbx, path: string): Promise<z.infer<typeof traceBody>['trace']> {
  return traceBody.parse(await (await fetch(new URL(path, pbx.url))).json()).trace;
}

const make = {
  name: 'MakeCall',
  callingDevice: toDeviceId('101'),
  calledDirectoryNumber: toDeviceId('201'),
} as const;

describe.each(CSTA_PLATFORMS)('%s over a real link', (platform) => {
  it('[A13] the desk phone calls, is answered and hangs up, and both ends are told of it', async () => {
    const { pbx, application } = await start(platform);
    await application.watch('101', '201');
    const { callingDevice } = await application.ask(make);
    await application.until(() => application.namesOf('201').includes('Established'));
    await pbx.untilPhone('101', 'talks', ({ state, peer }) => state === 'talking' && peer?.number === '201');
    await application.ask({ name: 'ClearConnection', connectionToBeCleared: callingDevice });
    await application.until(() => application.namesOf('201').includes('ConnectionCleared'));
    expect(application.namesOf('101')).toEqual([
      // The desk phone rings, and answers by itself, before it can call.
      'ServiceInitiated',
      'Originated',
      'Delivered',
      'Established',
      'ConnectionCleared',
    ]);
    expect(application.namesOf('201')).toEqual(['Delivered', 'Established', 'ConnectionCleared']);
    await pbx.quiet();
  });

  it('[A13] hold and retrieve at the desk phone, and a snapshot in between', async () => {
    const { pbx, application } = await start(platform);
    await application.watch('101');
    const { callingDevice } = await application.ask(make);
    await application.until(() => application.namesOf('101').includes('Established'));
    await application.ask({ name: 'HoldCall', callToBeHeld: callingDevice });
    await application.until(() => application.namesOf('101').includes('Held'));
    const { snapshotData } = await application.ask({
      name: 'SnapshotDevice',
      snapshotObject: toDeviceId('101'),
    });
    expect(snapshotData).toMatchObject([
      {
        connectionIdentifier: callingDevice,
        localCallState: { compoundCallState: ['hold', 'connected'] },
      },
    ]);
    await application.ask({ name: 'RetrieveCall', callToBeRetrieved: callingDevice });
    await application.until(() => application.namesOf('101').includes('Retrieved'));
    await pbx.quiet();
  });

  it('[A6] [A7] a call comes from the desk phone to the line, and goes back', async () => {
    const { pbx, application } = await start(platform);
    await application.watch('101', '5101', '201');
    const soft = await softClient(pbx);
    await application.until(() => application.namesOf('5101').includes('BackInService'));
    const { callingDevice } = await application.ask(make);
    await application.until(() => application.namesOf('201').includes('Established'));

    const move = (activeCall: ConnectionId, target: string): Promise<unknown> =>
      application.ask({
        name: 'SingleStepTransferCall',
        activeCall,
        transferredTo: toDeviceId('101'),
        privateData: siemensData({ targetDevice: toDeviceId(target), autoAnswer: true }),
      });
    await move(callingDevice, '5101');
    await application.until(
      () => application.namesOf('201').filter((name) => name === 'Transferred').length === 1,
    );
    expect(soft.view).toMatchObject({ state: 'talking', peer: { number: '201' } });
    expect(application.namesOf('5101')).toEqual(expect.arrayContaining(['Established', 'Transferred']));
    expect(application.namesOf('101').at(-1)).toBe('Transferred');
    await pbx.untilPhone('101', 'is idle', ({ state }) => state === 'idle');

    const sip = await traceOf(pbx, '/api/trace');
    const invited = sip.find(
      ({ direction, line }) => direction === 'out' && line.startsWith('INVITE sip:5101'),
    );
    const csta = await traceOf(pbx, '/api/csta/trace');
    const answered = csta.find(({ line }) => line.endsWith('SingleStepTransferCallResponse'));
    const isBefore = (answered?.at ?? NaN) < (invited?.at ?? NaN);
    expect(isBefore).toBe(PERSONALITIES[platform].handOver.answered === 'before_invite');

    await move({ callID: callingDevice.callID, deviceID: toDeviceId('5101') }, '101');
    await application.until(
      () => application.namesOf('201').filter((name) => name === 'Transferred').length === 2,
    );
    await pbx.untilPhone('101', 'talks', ({ state, peer }) => state === 'talking' && peer?.number === '201');
    await pbx.untilPhone('201', 'talks', ({ state }) => state === 'talking');
    await application.ask({
      name: 'ClearConnection',
      connectionToBeCleared: { callID: callingDevice.callID, deviceID: toDeviceId('101') },
    });
    await application.until(() => application.namesOf('201').at(-1) === 'ConnectionCleared');
    await pbx.until('no call', ({ calls }) => calls.length === 0);
  });

  it('[A6] a call that rings at all devices comes to one of them', async () => {
    const { pbx, application } = await start(platform);
    await application.watch('101', '5101');
    const soft = await softClient(pbx);
    await application.until(() => application.namesOf('5101').includes('BackInService'));
    await pbx.press('202', 'call', { to: '101' });
    await application.until(() =>
      ['101', '5101'].every((device) => application.namesOf(device).includes('Delivered')),
    );
    const { snapshotData } = await application.ask({
      name: 'SnapshotDevice',
      snapshotObject: toDeviceId('101'),
    });
    const callToBeDiverted = snapshotData?.[0]?.connectionIdentifier;
    if (callToBeDiverted === undefined) throw new Error('no call rings');
    await application.ask({
      name: 'DeflectCall',
      callToBeDiverted,
      newDestination: toDeviceId('101'),
      privateData: siemensData({ targetDevice: toDeviceId('5101'), autoAnswer: true }),
    });
    await application.until(() => application.namesOf('5101').includes('Established'));
    expect(soft.view).toMatchObject({ state: 'talking', peer: { number: '202' } });
    expect(application.namesOf('101').at(-1)).toBe('Diverted');
    await pbx.press('202', 'hangup');
    await application.until(() => application.namesOf('5101').at(-1) === 'ConnectionCleared');
    await pbx.until('no call', ({ calls }) => calls.length === 0);
  });

  it('[A13] consultation, and the transfer of one call to the other', async () => {
    const { pbx, application } = await start(platform);
    await application.watch('101', '201', '202');
    const { callingDevice: heldCall } = await application.ask(make);
    await application.until(() => application.namesOf('201').includes('Established'));
    const { initiatedCall: activeCall } = await application.ask({
      name: 'ConsultationCall',
      existingCall: heldCall,
      consultedDevice: toDeviceId('202'),
    });
    await application.until(() => application.namesOf('202').includes('Established'));
    await application.ask({ name: 'TransferCall', heldCall, activeCall });
    await application.until(() => application.namesOf('202').includes('Transferred'));
    await pbx.untilPhone('201', 'talks to 202', ({ peer }) => peer?.number === '202');
    await pbx.untilPhone('101', 'is idle', ({ state }) => state === 'idle');
    const told = application.events.find(({ name }) => name === 'TransferredEvent');
    expect(told).toMatchObject({
      primaryOldCall: { callID: heldCall.callID },
      secondaryOldCall: { callID: activeCall.callID },
      localConnectionInfo: 'null',
      transferredConnections: [
        { newConnection: { callID: heldCall.callID }, oldConnection: { callID: heldCall.callID } },
        { newConnection: { callID: heldCall.callID }, oldConnection: { callID: activeCall.callID } },
      ],
    });
    expect(application.namesOf('101').at(-1)).toBe('Transferred');
    await pbx.quiet();
  });
});

describe('calls that change hands', () => {
  it('[A13] picked up: both ends are told, and nobody is left in the call that asked for it', async () => {
    const { pbx, application } = await start('openscape-voice');
    await application.watch('101', '201', '202');
    await pbx.press('202', 'call', { to: '101' });
    await application.until(() => application.namesOf('101').includes('Delivered'));
    const { snapshotData } = await application.ask({
      name: 'SnapshotDevice',
      snapshotObject: toDeviceId('101'),
    });
    const callToBePickedUp = snapshotData?.[0]?.connectionIdentifier;
    if (callToBePickedUp === undefined) throw new Error('no call rings');
    const { pickedCall } = await application.ask({
      name: 'DirectedPickupCall',
      callToBePickedUp,
      requestingDevice: toDeviceId('201'),
    });
    await application.until(() => application.namesOf('101').includes('ConnectionCleared'));
    expect(application.namesOf('201')).toContain('Established');
    const cleared = application.events.flatMap((event) =>
      event.name === 'ConnectionClearedEvent' ? [event.droppedConnection] : [],
    );
    expect(cleared).toContainEqual(pickedCall);
    const { snapshotData: after } = await application.ask({
      name: 'SnapshotDevice',
      snapshotObject: toDeviceId('201'),
    });
    expect(after?.map(({ connectionIdentifier }) => connectionIdentifier.callID)).toEqual([
      callToBePickedUp.callID,
    ]);
    await pbx.quiet();
  });

  it('[A13] parked, and called from its slot to the desk phone', async () => {
    const { pbx, application } = await start('openscape-voice');
    await application.watch('101', '201');
    const { callingDevice } = await application.ask(make);
    await application.until(() => application.namesOf('201').includes('Established'));
    await application.ask({ name: 'ParkCall', parking: callingDevice, parkTo: toDeviceId('*74') });
    await application.until(() => application.namesOf('201').includes('Queued'));
    await pbx.untilPhone('101', 'is idle', ({ state }) => state === 'idle');
    const parked = await application.ask({ name: 'SnapshotDevice', snapshotObject: toDeviceId('*74') });
    const callToBeDiverted = parked.snapshotData?.[0]?.connectionIdentifier;
    if (callToBeDiverted === undefined) throw new Error('nothing is parked');
    expect(parked.snapshotData).toMatchObject([
      { localCallState: { compoundCallState: ['queued', 'connected'] } },
    ]);
    await application.ask({
      name: 'DeflectCall',
      callToBeDiverted,
      newDestination: toDeviceId('101'),
      privateData: siemensData({ targetDevice: toDeviceId('101'), autoAnswer: true }),
    });
    await pbx.untilPhone('101', 'talks', ({ state, peer }) => state === 'talking' && peer?.number === '201');
    await pbx.quiet();
  });
});

const api = (pbx: TestPbx, path: string, body?: unknown): Promise<Response> =>
  fetch(new URL(path, pbx.url), {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });

describe('what tests of clients ask for', () => {
  it('faults over the API: an answer is missing, links break, and the application comes back', async () => {
    const { pbx, application } = await start('openscape-voice');
    const rule = { on: 'request', message: 'GetDoNotDisturb', fault: { kind: 'link_loss', when: 'before' } };
    expect((await api(pbx, '/api/test/csta/faults', { rules: [rule] })).status).toBe(200);
    const ask = { name: 'GetDoNotDisturb', device: toDeviceId('101') } as const;
    await expect(application.ask(ask)).rejects.toThrow('link_lost');
    await application.until(() => application.statuses.at(-1) === 'ready');
    expect(await application.ask(ask)).toMatchObject({ doNotDisturbOn: false });
    expect((await api(pbx, '/api/test/csta/links', { act: 'cut' })).status).toBe(200);
    await application.until(() => application.statuses.filter((status) => status === 'ready').length === 3);
    const { csta } = await pbx.until('one application', (view) => view.csta?.applications.length === 1);
    expect(csta?.applications).toMatchObject([{ name: 'test', monitors: 0 }]);
    expect(await pbx.metric('csta_applications')).toBe(1);
  });

  it('what is no rule is refused in words', async () => {
    const { pbx } = await start('openscape-voice');
    const wrong = await api(pbx, '/api/test/csta/faults', {
      rules: [{ on: 'event', message: 'Nothing', fault: { kind: 'missing_event' } }],
    });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('must be the name of a CSTA message, or *');
    expect(await (await api(pbx, '/api/test/csta/faults')).json()).toEqual({ rules: [] });
  });

  it('a generic PBX has no CSTA link', async () => {
    const pbx = await startTestPbx(EXCHANGE);
    opened.push(pbx);
    expect(await (await api(pbx, '/api/csta')).json()).toEqual({ csta: null });
    expect((await api(pbx, '/api/csta/trace')).status).toBe(404);
    expect((await api(pbx, '/api/test/csta/status', { status: 'normal' })).status).toBe(404);
  });
});
