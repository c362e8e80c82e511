import { readSiemensData, siemensData, toDeviceId } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import { CstaLab, styled } from './lab.test-support.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';

const device = styled('101');

describe('settings are read back', () => {
  it('[A8] forwarding, with the voicemail as its number and the alternative number as private data', () => {
    const answer = new CstaLab().ask({ name: 'GetForwarding', device });
    if (answer?.ok !== true) throw new Error('refused');
    expect(answer.response).toMatchObject({
      forwardingList: [
        { forwardingType: 'forwardImmediate', forwardStatus: false },
        { forwardingType: 'forwardBusy', forwardStatus: true, forwardDN: 'N<500>' },
        { forwardingType: 'forwardNoAns', forwardStatus: false, forwardDN: 'N<202>', ringDuration: 15 },
      ],
    });
    expect(readSiemensData(answer.response.privateData).staticOndDN).toBe('N<+4915550101>');
  });

  it('do-not-disturb and message waiting, also asked of the line', () => {
    const lab = new CstaLab();
    expect(lab.answer({ name: 'GetDoNotDisturb', device: styled('5101') })).toMatchObject({
      doNotDisturbOn: false,
    });
    expect(lab.answer({ name: 'GetMessageWaitingIndicator', device })).toMatchObject({
      messageWaitingOn: true,
      deviceForMessage: 'N<101>',
    });
  });

  it('[A10] the agent state of a member, on OpenScape Business alone', () => {
    const lab = new CstaLab({ personality: openScapeBusiness });
    const ask = { name: 'GetAgentState', device: styled('5101') } as const;
    expect(lab.answer(ask)).toMatchObject({
      agentStateList: [
        {
          agentID: '5101',
          loggedOnState: true,
          agentInfo: [{ acdGroup: '101', agentState: 'agentReady' }],
        },
      ],
    });
    expect(new CstaLab().answer(ask)).toBe('operation.serviceNotSupported');
    lab.ask({ name: 'SetAgentState', device: styled('5101'), requestedAgentState: 'notReady' });
    expect(lab.pbx.commands).toMatchObject([{ kind: 'setAgentState', device: '5101', state: 'notReady' }]);
    expect(lab.answer({ name: 'SetAgentState', device, requestedAgentState: 'loggedOff' })).toBe(
      'operation.agentStateNotSupported',
    );
  });

  it('the alternative number is no private data of OpenScape Business', () => {
    const lab = new CstaLab({ personality: openScapeBusiness });
    const privateData = siemensData({ staticOndDN: toDeviceId('0301') });
    expect(lab.answer({ name: 'SetForwarding', device, activateForward: true, privateData })).toBe(
      'operation.privateDataNotSupported',
    );
    expect(JSON.stringify(lab.answer({ name: 'GetForwarding', device }))).not.toContain('staticOndDN');
  });
});

describe('settings that change are told', () => {
  it('[A8] of forwarding only the kind that is another', () => {
    const lab = new CstaLab();
    lab.watch('101');
    const [immediate, busy, noAnswer] = lab.pbx.settings.forwarding;
    if (immediate === undefined || busy === undefined || noAnswer === undefined) throw new Error('none');
    lab.pbx.setFeatures('forwarding', { forwarding: [immediate, { ...busy, active: false }, noAnswer] });
    lab.pbx.setFeatures('forwarding', {
      forwarding: [immediate, { ...busy, active: false }, { ...noAnswer, active: true }],
    });
    expect(lab.eventsNamed('ForwardingEvent')).toMatchObject([
      { device: { id: 'N<101>' }, forwardingType: 'forwardBusy', forwardStatus: false, forwardTo: 'N<500>' },
      { forwardingType: 'forwardNoAns', forwardStatus: true, forwardTo: 'N<202>', ringDuration: 15 },
    ]);
  });

  it('[A9] the alternative number as private data, and nothing where the platform has none', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.pbx.setFeatures('alternative', { alternative: '+49301' });
    lab.pbx.setFeatures('alternative', { alternative: undefined });
    const [on, off] = lab.eventsNamed('ForwardingEvent');
    expect(on).toMatchObject({ forwardStatus: true });
    expect(readSiemensData(on?.privateData).staticOndDN).toBe('N<+49301>');
    expect(off).toMatchObject({ forwardStatus: false });
    expect(off).not.toHaveProperty('privateData');
    const business = new CstaLab({ personality: openScapeBusiness });
    business.watch('101');
    business.pbx.setFeatures('alternative', { alternative: '+49301' });
    expect(business.events).toEqual([]);
  });

  it('[B2] do-not-disturb and message waiting, at the main number and not at its line', () => {
    const lab = new CstaLab();
    lab.watch('101', '5101');
    lab.pbx.setFeatures('doNotDisturb', { doNotDisturb: true });
    lab.pbx.setFeatures('messageWaiting', { messages: { fresh: 0, old: 3 } });
    lab.pbx.setFeatures('routing', { routing: 'deskOnly' });
    lab.pbx.setFeatures('busyBehaviour', { busyBehaviour: 'busy' });
    expect(lab.namesOf('1')).toEqual(['DoNotDisturb', 'MessageWaiting']);
    expect(lab.namesOf('2')).toEqual([]);
    expect(lab.eventsNamed('DoNotDisturbEvent')).toMatchObject([{ doNotDisturbOn: true }]);
    expect(lab.eventsNamed('MessageWaitingEvent')).toMatchObject([{ messageWaitingOn: false }]);
  });

  it('[A10] the agent state at the member whose it is', () => {
    const lab = new CstaLab({ personality: openScapeBusiness });
    lab.watch('101', '5101');
    const [desk, line] = lab.pbx.settings.agents;
    if (desk === undefined || line === undefined) throw new Error('none');
    lab.pbx.setFeatures('agentState', { agents: [desk, { ...line, state: 'notReady' }] });
    lab.pbx.setFeatures('agentState', { agents: [desk, line] });
    expect(lab.namesOf('1')).toEqual([]);
    expect(lab.namesOf('2')).toEqual(['AgentNotReady', 'AgentReady']);
    expect(lab.eventsNamed('AgentNotReadyEvent')).toMatchObject([
      { agentDevice: { id: '5101' }, acdGroup: '101' },
    ]);
  });
});
