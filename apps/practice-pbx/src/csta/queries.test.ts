import { toCallId, toDeviceId, toMonitorCrossRefId as monitorId } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import { ANNA, ANNA_LINE, CALL, CARLA, OTHER_CALL, SLOT, call } from './fake-switch.test-support.ts';
import { CstaLab, styled } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';

const at = { callID: toCallId(CALL), deviceID: styled('101') };
const other = { callID: toCallId(OTHER_CALL), deviceID: toDeviceId('101') };

describe('snapshots', () => {
  it('[ECMA-269-16] of a device: its connections, who it is, and how all others are', () => {
    const lab = new CstaLab();
    lab.pbx.running.set(CALL, call({ [ANNA]: 'held', [CARLA]: 'connected' }));
    expect(lab.answer({ name: 'SnapshotDevice', snapshotObject: styled('101') })).toMatchObject({
      snapshotData: [
        {
          connectionIdentifier: { callID: CALL, deviceID: 'N<101>' },
          localCallState: { compoundCallState: ['hold', 'connected'] },
          servicesPermitted: { callControl: ['clearConnection', 'retrieveCall', 'transferCall'] },
        },
      ],
    });
    expect(lab.answer({ name: 'SnapshotDevice', snapshotObject: styled('5101') })).toMatchObject({
      snapshotData: [],
    });
    expect(lab.answer({ name: 'SnapshotDevice', snapshotObject: styled('999') })).toBe(
      'operation.invalidDeviceID',
    );
  });

  it('[ECMA-269-16] of a call: who calls whom, and every connection', () => {
    const lab = new CstaLab({ personality: openScapeBusiness });
    lab.pbx.running.set(
      CALL,
      call({ [ANNA_LINE]: 'connected', [CARLA]: 'alerting' }, { calling: ANNA_LINE }),
    );
    const answer = lab.answer({ name: 'SnapshotCall', snapshotObject: { callID: toCallId(CALL) } });
    expect(answer).toMatchObject({
      // The line behind the number is shown as the number.
      callingDevice: { kind: 'device', id: '101' },
      calledDevice: { kind: 'device', id: '201' },
      snapshotData: [
        { callIdentifier: { deviceID: '201' }, localConnectionInfo: 'alerting' },
        {
          callIdentifier: { deviceID: '5101' },
          deviceOnCall: { id: '101' },
          localConnectionInfo: 'connected',
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('servicesPermitted');
    expect(lab.answer({ name: 'SnapshotCall', snapshotObject: other })).toBe('operation.invalidCallID');
  });

  it('a park slot has its call', () => {
    const lab = new CstaLab();
    lab.pbx.running.set(CALL, call({ [CARLA]: 'connected', [SLOT]: 'queued' }));
    expect(lab.answer({ name: 'SnapshotDevice', snapshotObject: toDeviceId('*71') })).toMatchObject({
      snapshotData: [
        {
          connectionIdentifier: { callID: CALL },
          localCallState: { compoundCallState: ['queued', 'connected'] },
        },
      ],
    });
    expect(
      lab.answer({ name: 'MonitorStart', monitorObject: { deviceObject: toDeviceId('*71') } }),
    ).toMatchObject({
      monitorCrossRefID: '1',
    });
  });
});

describe('capabilities', () => {
  it('[ECMA-269-13] list what the platform offers, and nothing else', () => {
    const ask = { name: 'GetSwitchingFunctionCapabilities' } as const;
    expect(new CstaLab().answer(ask)).toMatchObject({
      switchingSubDomainName: 'openscape-voice',
      callControlServList: expect.arrayContaining([
        'makeCall',
        'singleStepTransfer',
        'singleStepConference',
        'callBack',
      ]) as string[],
      logicalServList: [
        'setForwarding',
        'getForwarding',
        'setDoNotDisturb',
        'getDoNotDisturb',
        'callBackNonCallRelated',
        'cancelCallBack',
      ],
    });
    const business = new CstaLab({ personality: openScapeBusiness }).answer(ask);
    expect(business).toMatchObject({
      logicalServList: expect.arrayContaining(['setAgentState', 'getAgentState']) as string[],
      logicalEvtList: expect.arrayContaining(['agentReady']) as string[],
    });
    expect(JSON.stringify(business)).not.toContain('parkCall');
    expect(JSON.stringify(new CstaLab({ personality: openScape4000 }).answer(ask))).not.toContain(
      'singleStepConference',
    );
  });

  it('[ECMA-269-13] devices follow in segments', () => {
    const lab = new CstaLab();
    expect(lab.answer({ name: 'GetSwitchingFunctionDevices' })).toMatchObject({ serviceCrossRefID: '1' });
    expect(lab.eventsNamed('SwitchingFunctionDevices')).toMatchObject([
      {
        serviceCrossRefID: '1',
        lastSegment: true,
        devices: [
          { deviceID: 'N<101>', deviceCategory: 'station' },
          { deviceID: 'N<5101>' },
          { deviceID: 'N<201>' },
          { deviceID: 'N<+4915550101>', deviceCategory: 'networkInterface' },
        ],
      },
    ]);
    lab.answer({ name: 'GetSwitchingFunctionDevices', requestedDeviceID: styled('999') });
    expect(lab.eventsNamed('SwitchingFunctionDevices')[1]).toMatchObject({ lastSegment: true, devices: [] });
  });
});

describe('monitors', () => {
  it('[ECMA-269-15] are of devices, and stop when they are stopped', () => {
    const lab = new CstaLab();
    lab.watch('101');
    const { pbx } = lab;
    pbx.emit({ kind: 'service', device: ANNA, inService: false });
    expect(lab.answer({ name: 'MonitorStop', monitorCrossRefID: monitorId('1') })).toMatchObject({
      name: 'MonitorStopResponse',
    });
    pbx.emit({ kind: 'service', device: ANNA, inService: true });
    expect(lab.namesOf('1')).toEqual(['OutOfService']);
    expect(lab.answer({ name: 'MonitorStop', monitorCrossRefID: monitorId('1') })).toBe(
      'operation.invalidMonitorCrossRefID',
    );
    expect(lab.answer({ name: 'MonitorStart', monitorObject: { callObject: at } })).toBe(
      'operation.invalidMonitorObject',
    );
    expect(
      lab.answer({
        name: 'MonitorStart',
        monitorObject: { deviceObject: styled('101') },
        monitorType: 'call',
      }),
    ).toBe('operation.monitorTypeNotSupported');
    expect(lab.answer({ name: 'MonitorStart', monitorObject: { deviceObject: styled('999') } })).toBe(
      'operation.invalidDeviceID',
    );
  });

  it('limits: monitors: of one application, and of all', () => {
    const start = { name: 'MonitorStart', monitorObject: { deviceObject: styled('101') } } as const;
    const one = new CstaLab({ monitors: { perApplication: 1, all: 10 } });
    one.ask(start);
    expect(one.answer(start)).toBe('subscribedResourceAvailability.objectMonitorLimitExceeded');
    const all = new CstaLab({ monitors: { perApplication: 10, all: 1 } });
    all.ask(start);
    expect(all.answer(start)).toBe('systemResourceAvailability.overallMonitorLimitExceeded');
  });

  it('end with the link, and so does the application', () => {
    const lab = new CstaLab();
    lab.watch('101', '201');
    expect(lab.desk.applications).toEqual([{ link: 1, name: 'phone', monitors: 2 }]);
    lab.cut();
    expect(lab.desk.applications).toEqual([]);
    lab.advance(60_000);
    expect(lab.status).toBe('ready');
    lab.pbx.emit({ kind: 'service', device: ANNA, inService: true });
    expect(lab.events).toEqual([]);
    expect(lab.desk.applications).toEqual([{ link: 2, name: 'phone', monitors: 0 }]);
  });
});
