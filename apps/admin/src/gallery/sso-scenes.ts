import type { SsoSettings, SsoTest } from '@offhook/contract';
import { DAY, never, now, ok, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const base = 'https://offhook.provider.example/api/sso';
const addresses = {
  redirectUri: `${base}/oidc/callback/sso_7Kq2mVx9`,
  samlEntityId: `${base}/saml/sso_7Kq2mVx9/metadata`,
  samlAcsUrl: `${base}/saml/sso_7Kq2mVx9/acs`,
  samlMetadataUrl: `${base}/saml/sso_7Kq2mVx9/metadata`,
};
const record = (token: string) => `offhook-verification=${token}xKd2aa`;
const common = {
  ssoId: 'sso_7Kq2mVx9',
  name: 'Berger Entra ID',
  domains: ['berger.example', 'berger.cat'],
  justInTime: true,
  enabled: true,
  only: false,
  proofs: [
    {
      domain: 'berger.example',
      record: record('k3VtZ8mQ2yXw1nPbR5'),
      proved: { at: now - 40 * DAY, by: 'dns' as const },
    },
    { domain: 'berger.cat', record: record('q7LsB4dHc9TfJ0uGxE') },
  ],
};
const oidc: SsoSettings = {
  ...addresses,
  connection: {
    ...common,
    kind: 'oidc',
    issuer: 'https://login.microsoftonline.com/6f3c0a9e/v2.0',
    clientId: '4e1f7f0c-4b0e-4b2a-9d4e-6a1d1c0b7f55',
    hasClientSecret: true,
    scopes: 'openid email profile',
  },
};
const saml: SsoSettings = {
  ...addresses,
  connection: {
    ...common,
    name: 'Berger ADFS',
    only: true,
    kind: 'saml',
    hasClientSecret: false,
    entityId: 'http://adfs.berger.example/adfs/services/trust',
    signOnUrl: 'https://adfs.berger.example/adfs/ls/',
    certificates: [
      { fingerprint: 'A1:7F:03:9C:5E:22:D4:8B:61:F0', expiresAt: now + 12 * DAY },
      { fingerprint: '5B:90:EE:41:C7:3A:06:1D:F8:92', expiresAt: now + 700 * DAY },
    ],
  },
};
const test = (part: Partial<SsoTest>): SsoTest => ({
  testId: 'test1',
  state: 'waiting',
  startUrl: '#test',
  ...part,
});
const scene = (settings: SsoSettings, answers: Answers = {}, query = ''): Scene =>
  pageScene('admin', `/admin/sign-in${query}`, {
    'GET /api/admin/sso': settings,
    'PUT /api/admin/sso': () => refuse('sso_untested'),
    'DELETE /api/admin/sso': () => ok(),
    'POST /api/admin/sso/test': test({}),
    'GET /api/admin/sso/test/:id': test({}),
    'POST /api/admin/sso/domains/:domain/check': {
      domain: common.proofs[1],
      found: 'other_record',
      seen: [record('oldOldOldOldOldOld')],
    },
    ...answers,
  });
const tested = (outcome: Partial<SsoTest>): Scene =>
  scene(oidc, { 'GET /api/admin/sso/test/:id': test(outcome) }, '?sso_test=test1');

export const ssoScenes = {
  'sso-none': scene(addresses),
  sso: scene(oidc),
  'sso-saml': scene(saml),
  'sso-waiting': tested({}),
  'sso-passed': tested({ state: 'passed', email: 'anna@berger.example', name: 'Anna Berger' }),
  'sso-failed': tested({
    state: 'failed',
    fault: 'client_rejected',
    detail: 'invalid_client: AADSTS7000222: The provided client secret keys are expired.',
  }),
  'sso-loading': pageScene('admin', '/admin/sign-in', { 'GET /api/admin/sso': never }),
} satisfies Record<string, Scene>;
