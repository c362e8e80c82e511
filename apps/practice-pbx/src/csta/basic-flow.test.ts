import { describe, expect, it } from 'vitest';
import { ANNA, ANNA_LINE, CALL, CARLA, MOBILE, OTHER_CALL, call } from './fake-switch.test-support.ts';
import { CstaLab } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';

/** Anna calls Carla from her desk phone, Carla answers, Anna hangs up. */
function basicCall({ pbx }: CstaLab): void {
  pbx.connection('serviceInitiated', ANNA, 'initiated', call({ [ANNA]: 'initiated' }));
  pbx.connection('originated', ANNA, 'connected', call({ [ANNA]: 'connected' }));
  const ringing = call({ [ANNA]: 'connected', [CARLA]: 'alerting' });
  pbx.connection('delivered', CARLA, 'alerting', ringing);
  pbx.connection('established', CARLA, 'connected', call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
  pbx.connection('connectionCleared', ANNA, 'null', call({ [CARLA]: 'connected' }), {
    cause: 'normalClearing',
  });
  pbx.connection('connectionCleared', CARLA, 'null', call({}), { cause: 'normalClearing' });
}

describe('events of a call', () => {
  it('[A13] the basic flow at both ends, as OpenScape tells it', () => {
    const lab = new CstaLab();
    lab.watch('101', '201');
    basicCall(lab);
    expect(lab.namesOf('1')).toEqual([
      'ServiceInitiated',
      'Originated',
      'Delivered',
      'Established',
      'ConnectionCleared',
    ]);
    expect(lab.namesOf('2')).toEqual(['Delivered', 'Established', 'ConnectionCleared']);
  });

  it('[ECMA-269-17.2] says whose connection changed, who is who, how one’s own connection is, and why', () => {
    const lab = new CstaLab();
    lab.watch('101', '201');
    basicCall(lab);
    const [atAnna, atCarla] = lab.eventsNamed('DeliveredEvent');
    expect(atAnna).toMatchObject({
      connection: { callID: CALL, deviceID: 'N<201>' },
      alertingDevice: { id: `N<201>Carla Duval;displayNumber=201;noa=nk;uid=${CALL}` },
      callingDevice: { id: `N<101>Anna Berger;displayNumber=101;noa=nk;uid=${CALL}` },
      calledDevice: { id: `N<201>Carla Duval;displayNumber=201;noa=nk;uid=${CALL}` },
      lastRedirectionDevice: { kind: 'notRequired' },
      localConnectionInfo: 'connected',
      cause: 'newCall',
    });
    expect(atCarla).toMatchObject({ localConnectionInfo: 'alerting' });
    expect(lab.eventsNamed('ConnectionClearedEvent')).toMatchObject([
      { droppedConnection: { deviceID: 'N<101>' }, localConnectionInfo: 'null', cause: 'normalClearing' },
      { droppedConnection: { deviceID: 'N<201>' }, localConnectionInfo: 'null' },
    ]);
  });

  it('[ECMA-269-12.2.25] what the connection permits now goes with it, with private permissions', () => {
    const lab = new CstaLab();
    lab.watch('201');
    basicCall(lab);
    const [delivered] = lab.eventsNamed('DeliveredEvent');
    expect(delivered?.servicesPermitted).toEqual({
      callControl: ['answerCall', 'clearConnection', 'deflectCall', 'directedPickupCall'],
      callAssociated: [],
    });
    expect(delivered?.privateData).toMatchObject([
      { name: 'extendedServicesPermitted', children: [{ name: 'handOver', text: 'true' }] },
    ]);
    const [established] = lab.eventsNamed('EstablishedEvent');
    expect(established?.servicesPermitted?.callAssociated).toEqual(['generateDigits']);
  });

  it('OpenScape 4000 names no names, and permits what it offers', () => {
    const lab = new CstaLab({ personality: openScape4000 });
    lab.watch('101');
    const ringing = call({ [ANNA]: 'connected', [MOBILE]: 'connected' }, { called: MOBILE });
    lab.pbx.connection('established', MOBILE, 'connected', ringing);
    expect(lab.eventsNamed('EstablishedEvent')).toMatchObject([
      {
        answeringDevice: { id: 'N+4915550101' },
        callingDevice: { id: '101' },
        servicesPermitted: {
          callControl: ['clearConnection', 'holdCall', 'singleStepTransfer'],
        },
      },
    ]);
    expect(lab.eventsNamed('EstablishedEvent')[0]).not.toHaveProperty('privateData');
  });

  it('OpenScape Business sends no permissions', () => {
    const lab = new CstaLab({ personality: openScapeBusiness });
    lab.watch('201');
    basicCall(lab);
    const [delivered] = lab.eventsNamed('DeliveredEvent');
    expect(delivered).toMatchObject({ alertingDevice: { id: '201' } });
    expect(delivered).not.toHaveProperty('servicesPermitted');
    expect(delivered).not.toHaveProperty('privateData');
  });

  it('one call rings the desk phone and the line behind it, and stops at the other when one answers', () => {
    const lab = new CstaLab();
    lab.watch('101', '5101');
    const from = { calling: CARLA, called: ANNA };
    const all = { [CARLA]: 'connected', [ANNA]: 'alerting', [ANNA_LINE]: 'alerting' } as const;
    lab.pbx.connection(
      'delivered',
      ANNA,
      'alerting',
      call({ [CARLA]: 'connected', [ANNA]: 'alerting' }, from),
    );
    lab.pbx.connection('delivered', ANNA_LINE, 'alerting', call(all, from));
    lab.pbx.connection('established', ANNA, 'connected', call({ ...all, [ANNA]: 'connected' }, from));
    const two = call({ [CARLA]: 'connected', [ANNA]: 'connected' }, from);
    lab.pbx.connection('connectionCleared', ANNA_LINE, 'null', two, { cause: 'answeredElsewhere' });
    expect(lab.namesOf('1')).toEqual(['Delivered', 'Delivered', 'Established', 'ConnectionCleared']);
    expect(lab.namesOf('2')).toEqual(['Delivered', 'Established', 'ConnectionCleared']);
    expect(lab.eventsNamed('ConnectionClearedEvent').map((event) => event.localConnectionInfo)).toEqual([
      'connected',
      'null',
    ]);
  });

  it('what is no device of a call is told nothing of it', () => {
    const lab = new CstaLab();
    lab.watch('5101');
    basicCall(lab);
    expect(lab.events).toEqual([]);
  });

  it('held, retrieved, queued, failed and diverted', () => {
    const lab = new CstaLab();
    lab.watch('101');
    const { pbx } = lab;
    pbx.connection('held', ANNA, 'held', call({ [ANNA]: 'held', [CARLA]: 'connected' }));
    pbx.connection('retrieved', ANNA, 'connected', call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
    pbx.connection('queued', CARLA, 'queued', call({ [ANNA]: 'connected', [CARLA]: 'queued' }), {
      cause: 'park',
    });
    pbx.connection('failed', CARLA, 'failed', call({ [ANNA]: 'connected', [CARLA]: 'failed' }), {
      cause: 'busy',
    });
    pbx.connection('diverted', CARLA, 'null', call({ [ANNA]: 'connected' }, { lastRedirection: CARLA }), {
      cause: 'callForwardNoAnswer',
      divertedTo: MOBILE,
    });
    expect(lab.namesOf('1')).toEqual(['Held', 'Retrieved', 'Queued', 'Failed', 'Diverted']);
    expect(lab.eventsNamed('HeldEvent')).toMatchObject([{ localConnectionInfo: 'hold' }]);
    expect(lab.eventsNamed('QueuedEvent')).toMatchObject([{ cause: 'park' }]);
    expect(lab.eventsNamed('FailedEvent')).toMatchObject([{ cause: 'busy' }]);
    expect(lab.eventsNamed('DivertedEvent')).toMatchObject([
      {
        newDestination: { id: expect.stringContaining('N<+4915550101>') as string },
        lastRedirectionDevice: { id: expect.stringContaining('N<201>') as string },
        cause: 'callForwardNoAnswer',
      },
    ]);
  });

  it('[ECMA-269-17.2.17] a transfer says itself that who transferred is out, and which connections became which', () => {
    const lab = new CstaLab();
    lab.watch('101', '201', '+4915550101');
    const { pbx } = lab;
    pbx.connection('held', ANNA, 'held', call({ [ANNA]: 'held', [CARLA]: 'connected' }));
    const second = { id: OTHER_CALL, called: MOBILE };
    pbx.connection(
      'established',
      MOBILE,
      'connected',
      call({ [ANNA]: 'connected', [MOBILE]: 'connected' }, second),
    );
    const joined = call({ [CARLA]: 'connected', [MOBILE]: 'connected' });
    pbx.connection('connectionCleared', ANNA, 'null', joined, { cause: 'transfer' });
    pbx.connection('connectionCleared', ANNA, 'null', call({}, second), { cause: 'transfer' });
    pbx.emit({
      kind: 'transferred',
      primaryOld: CALL,
      secondaryOld: OTHER_CALL,
      transferring: ANNA,
      transferredTo: MOBILE,
      cause: 'transfer',
      call: joined,
    });
    expect(lab.namesOf('1').at(-1)).toBe('Transferred');
    expect(lab.eventsNamed('ConnectionClearedEvent')).toEqual([]);
    const [atAnna, atCarla, atMobile] = lab.eventsNamed('TransferredEvent');
    expect(atAnna).toMatchObject({
      primaryOldCall: { callID: CALL, deviceID: 'N<101>' },
      secondaryOldCall: { callID: OTHER_CALL },
      localConnectionInfo: 'null',
      transferredConnections: [
        { newConnection: { callID: CALL, deviceID: 'N<201>' }, oldConnection: { callID: CALL } },
        {
          newConnection: { callID: CALL },
          oldConnection: { callID: OTHER_CALL, deviceID: 'N<+4915550101>' },
        },
      ],
    });
    expect([atCarla, atMobile].map((event) => event?.localConnectionInfo)).toEqual([
      'connected',
      'connected',
    ]);
  });

  it('a clearing by a transfer that no Transferred follows is told all the same', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.pbx.connection('connectionCleared', ANNA, 'null', call({ [CARLA]: 'connected' }), {
      cause: 'transfer',
    });
    expect(lab.namesOf('1')).toEqual([]);
    lab.advance(50);
    expect(lab.namesOf('1')).toEqual(['ConnectionCleared']);
    lab.pbx.connection('connectionCleared', ANNA, 'null', call({ [CARLA]: 'connected' }), {
      cause: 'transfer',
    });
    const three = call({ [CARLA]: 'connected', [ANNA]: 'connected', [MOBILE]: 'connected' });
    lab.pbx.emit({
      kind: 'conferenced',
      primaryOld: CALL,
      secondaryOld: undefined,
      conferencing: CARLA,
      added: MOBILE,
      cause: 'conference',
      call: three,
    });
    expect(lab.namesOf('1')).toEqual(['ConnectionCleared', 'ConnectionCleared', 'Conferenced']);
    expect(lab.eventsNamed('ConferencedEvent')).toMatchObject([
      { addedParty: { kind: 'device' }, localConnectionInfo: 'connected', cause: 'conference' },
    ]);
  });

  it('who picks a call up is not left in the call that asked for it', () => {
    const lab = new CstaLab();
    lab.watch('101');
    const { pbx } = lab;
    const asking = call({ [ANNA]: 'initiated' }, { id: OTHER_CALL });
    pbx.connection('serviceInitiated', ANNA, 'initiated', asking, { cause: 'callPickup' });
    // The switch is through with it before its events are told.
    pbx.running.delete(OTHER_CALL);
    const picked = call({ [CARLA]: 'connected', [ANNA]: 'connected' });
    pbx.connection('established', ANNA, 'connected', picked, { cause: 'callPickup' });
    expect(lab.namesOf('1')).toEqual(['ServiceInitiated', 'ConnectionCleared', 'Established']);
    expect(lab.eventsNamed('ConnectionClearedEvent')).toMatchObject([
      { droppedConnection: { callID: OTHER_CALL, deviceID: 'N<101>' } },
    ]);
  });

  it('digits, call-backs and service of the device', () => {
    const lab = new CstaLab();
    lab.watch('101');
    const { pbx } = lab;
    pbx.running.set(CALL, call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
    pbx.emit({ kind: 'digits', connection: { call: CALL, device: CARLA }, digits: '42#' });
    pbx.emit({ kind: 'callBack', device: ANNA, to: CARLA, set: true });
    pbx.emit({ kind: 'service', device: ANNA, inService: false });
    pbx.emit({ kind: 'service', device: ANNA, inService: true });
    pbx.emit({ kind: 'service', device: CARLA, inService: true });
    expect(lab.namesOf('1')).toEqual(['DigitsGenerated', 'CallBack', 'OutOfService', 'BackInService']);
    expect(lab.eventsNamed('DigitsGeneratedEvent')).toMatchObject([
      { connection: { deviceID: 'N<201>' }, digitGeneratedList: '42#', localConnectionInfo: 'connected' },
    ]);
    expect(lab.eventsNamed('CallBackEvent')).toMatchObject([{ callBackSetCanceled: true }]);
  });
});
