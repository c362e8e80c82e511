import type { ConnectorId } from '@offhook/contract';
import { expect, test } from 'vitest';
import type { TenantDirectory } from '../directory/service.ts';
import { isEmergencyCall, isSuspendedCall } from './emergency.ts';

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

test('of a suspended tenant calls out are refused but for help; what goes on or comes in is not', () => {
  const refused = (method: string, to: string, status: TenantDirectory['status'] = 'suspended') =>
    isSuspendedCall({ ...directory, status }, office, method, { to });
  for (const method of ['call.place', 'call.placeAtDesk']) {
    expect(refused(method, '+4930123456')).toBe(true);
    expect(refused(method, '112')).toBe(false);
    expect(refused(method, '+4930123456', 'active')).toBe(false);
  }
  expect(refused('call.callBack', '')).toBe(true);
  for (const method of ['call.answer', 'call.hold', 'call.hangUp', 'call.pull', 'call.completeTransfer']) {
    expect(refused(method, '')).toBe(false);
  }
  expect(isSuspendedCall(undefined, office, 'call.place', { to: '1' })).toBe(false);
});

test('whatever is no request at all is no emergency', () => {
  for (const params of [null, 'to', [], {}, { to: 112 }, { to: '1'.repeat(100_000) }]) {
    expect(isEmergencyCall(directory, office, 'call.place', params)).toBe(false);
  }
});
