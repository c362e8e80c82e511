import type { CallId, ConnectorId, CorrelationId } from '@offhook/contract';
import { expect, test } from 'vitest';
import type { TenantDirectory } from '../directory/service.ts';
import type { DirectoryUser } from '../directory/search.ts';
import { isEmergencyCall, refusalOfCallOut, type ClientRequest } from './emergency.ts';

const office = 'office' as ConnectorId;
const directory = {
  emergencyNumbers: (id: ConnectorId) => (id === office ? ['112', '999'] : undefined),
} as TenantDirectory;
const dials = (to: unknown, method = 'call.place', at: ConnectorId | undefined = office) =>
  isEmergencyCall(directory, at, method, { to });

test('[A15] the numbers of the connector’s configuration are known, however they are written', () => {
  expect(dials('112')).toBe(true);
  expect(dials(' 1-1-2 ')).toBe(true);
  expect(dials('999', 'call.placeAtDesk')).toBe(true);
  expect(dials('911')).toBe(false);
  expect(dials('1120')).toBe(false);
  expect(dials('112', 'call.transfer')).toBe(false);
});

test('[A15] where the configuration is not known, the usual ones are', () => {
  expect(isEmergencyCall(undefined, undefined, 'call.place', { to: '911' })).toBe(true);
  expect(dials('110', 'call.place', 'elsewhere' as ConnectorId)).toBe(true);
});

const people = {
  ...directory,
  byNumber: (id: ConnectorId, number: string) =>
    id === office && number === '200' ? ({ name: 'Ben' } as DirectoryUser) : undefined,
};
const outside = '+4930123456';
const offer = 'v=0';
const callId = 'c1' as CallId;
const correlationId = 'x' as CorrelationId;
const refusal = (request: ClientRequest, status: TenantDirectory['status'] | 'unknown' = 'suspended') =>
  refusalOfCallOut(status === 'unknown' ? undefined : { ...people, status }, office, request);
const calling = (to: string): ClientRequest[] => [
  { method: 'call.place', params: { to, offer, correlationId } },
  { method: 'call.placeAtDesk', params: { to, correlationId } },
];
const moving = (to: string): ClientRequest[] => [
  { method: 'call.transfer', params: { callId, to } },
  { method: 'call.deflect', params: { callId, to } },
];
const setting = (number: string): ClientRequest[] => [
  { method: 'settings.set', params: { change: { alternativeNumber: number } } },
  ...(['immediate', 'busy', 'noAnswer'] as const).map((when): ClientRequest => ({
    method: 'settings.set',
    params: { change: { forwarding: { [when]: { to: 'number', number } } } },
  })),
];
const unnamed: ClientRequest[] = [
  { method: 'call.callBack', params: { callId } },
  { method: 'call.push', params: { callId, to: 'alternative' } },
  { method: 'settings.set', params: { change: { routing: 'alternative_only' } } },
  { method: 'settings.set', params: { change: { busyBehaviour: 'alternative' } } },
];
const goingOn: ClientRequest[] = [
  { method: 'call.answer', params: { callId, offer } },
  { method: 'call.hold', params: { callId } },
  { method: 'call.hangUp', params: { callId } },
  { method: 'call.push', params: { callId, to: 'desk_phone' } },
  { method: 'call.completeTransfer', params: { callId, otherCallId: callId } },
  { method: 'settings.set', params: { change: { doNotDisturb: true, alternativeNumber: null } } },
  {
    method: 'settings.set',
    params: { change: { forwarding: { immediate: { to: 'voicemail' }, busy: null } } },
  },
];

test('of a suspended tenant no call is begun, sent on or redirected to anybody outside', () => {
  for (const request of [...calling(outside), ...moving(outside), ...setting(outside), ...unnamed]) {
    expect([request, refusal(request)]).toEqual([request, 'tenant_suspended']);
    expect([request, refusal(request, 'active')]).toEqual([request, undefined]);
  }
});

test('[A15] of a suspended tenant help is called, and a running call is sent to it', () => {
  for (const request of [...calling('112'), ...moving('1-1-2')]) expect(refusal(request)).toBeUndefined();
});

test('of a suspended tenant what goes on or comes in is not refused, and goes to colleagues', () => {
  for (const request of [...goingOn, ...moving('200'), ...setting('200')]) {
    expect([request, refusal(request)]).toEqual([request, undefined]);
  }
});

test('while nothing is known of the tenant nobody calls out but for help', () => {
  for (const request of [...calling(outside), ...moving('200'), ...setting(outside), ...unnamed]) {
    expect([request, refusal(request, 'unknown')]).toEqual([request, 'unavailable']);
  }
  for (const request of [...goingOn, ...calling('112'), ...moving('110')]) {
    expect([request, refusal(request, 'unknown')]).toEqual([request, undefined]);
  }
});

test('whatever is no request at all is no emergency', () => {
  for (const params of [null, 'to', [], {}, { to: 112 }, { to: '1'.repeat(100_000) }]) {
    expect(isEmergencyCall(directory, office, 'call.place', params)).toBe(false);
  }
});
