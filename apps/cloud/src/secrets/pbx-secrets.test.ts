import { randomBytes } from 'node:crypto';
import { PbxConfig } from '@offhook/contract';
import { expect, test } from 'vitest';
import { joinSecrets, partSecrets } from './pbx-secrets.ts';
import { createSecretBox } from './secret-box.ts';

const box = createSecretBox([randomBytes(32)]);
const plain = PbxConfig.parse({ kind: 'generic-sip', host: 'pbx', port: 5060, transport: 'udp' });
const full: PbxConfig = {
  ...plain,
  csta: { port: 1040, transport: 'tls', user: 'offhook', password: 'csta-secret' },
  attachment: { by: 'trunk', register: true, number: '900', authUser: 't', password: 'trunk-secret' },
};

test('passwords leave the configuration and come back whole', () => {
  const { config, secrets } = partSecrets(full);
  expect(JSON.stringify(config)).not.toContain('secret');
  expect(JSON.stringify(config)).toContain('offhook');
  const sealed = box.seal(secrets ?? '', 'here');
  expect(PbxConfig.parse(joinSecrets(box, config, sealed, 'here'))).toEqual(full);
  expect(() => joinSecrets(box, config, sealed, 'elsewhere')).toThrow(/authenticate/u);
});

test('where there is none, nothing is sealed', () => {
  const { config, secrets } = partSecrets(plain);
  expect(secrets).toBeUndefined();
  expect(PbxConfig.parse(joinSecrets(box, config, null, 'here'))).toEqual(plain);
  expect(partSecrets({ ...plain, csta: { port: 1040, transport: 'tcp' } }).secrets).toBeUndefined();
});
