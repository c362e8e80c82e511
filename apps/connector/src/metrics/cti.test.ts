import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { OPENSCAPE_VOICE } from '../platforms/openscape-voice/profile.ts';
import { Office } from '../platforms/csta/testing/office.ts';
import { registerCtiMetrics } from './cti.ts';

it('the control link is counted', async () => {
  const office = await Office.open({ profile: OPENSCAPE_VOICE });
  const registry = new Registry();
  registerCtiMetrics(registry, () => office.platform.counts);
  office.exchange.call('200', '101');
  await office.pass(50);
  const text = await registry.metrics();
  expect(text).toContain('offhook_connector_cti_up 1');
  expect(text).toContain('offhook_connector_cti_devices_watched 5');
  expect(text).toContain('offhook_connector_cti_calls 1');
  expect(text).toMatch(/offhook_connector_cti_events_total [1-9]/);
});

it('without one all is 0', async () => {
  const registry = new Registry();
  registerCtiMetrics(registry, () => undefined);
  expect(await registry.metrics()).toContain('offhook_connector_cti_up 0');
});
