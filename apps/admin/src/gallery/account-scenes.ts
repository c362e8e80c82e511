import type {
  Account,
  LinkInfo,
  PasskeyChallenge,
  SessionList,
  SignInMethods,
  SignInResult,
  TotpSetup,
} from '@offhook/contract';
import type { HttpResponse } from '../api/http.ts';
import {
  account,
  DAY,
  HOUR,
  never,
  now,
  ok,
  openScene,
  pageScene,
  personOf,
  refuse,
  type Answers,
  type Scene,
} from './scene.ts';

const TOKEN = 'k7Jq2mVx9TzR4bNw8LpY3c';
const terms = {
  version: '2026-11',
  text: `1. Who we are
The provider runs the telephone service and the connector's software. The customer runs its own telephone system.

2. Data
Voice does not pass through the provider. Who called whom and when is kept as long as the customer sets.

3. Emergency calls
Emergency calls leave through the customer's own telephone system and are possible as long as it is.

4. Availability
The service is provided with the care of a prudent merchant. Maintenance is announced three days ahead.

5. Price and term
The subscription is charged for each user and month, and ends with notice of one month.`,
};

const isByPasskey = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'passkey' in body;

const link = (part: Partial<LinkInfo>): Answers => ({
  'POST /api/links/inspect': {
    kind: 'invitation',
    email: 'carla@berger.example',
    name: 'Carla Duval',
    tenantName: 'Berger & Söhne GmbH',
    language: 'en',
    expiresAt: now + 6 * DAY,
    ...part,
  } satisfies LinkInfo,
  'POST /api/links/accept': ({ body }) => refuse(isByPasskey(body) ? 'link_used' : 'password_weak'),
  'POST /api/links/passkey': { ticket: 'ticket', options: {} } satisfies PasskeyChallenge,
});

const ways = (methods: SignInMethods): Answers => ({ 'GET /api/sign-in-methods': methods });
const wrongPassword: Answers = {
  'POST /api/session': () => refuse('invalid_credentials'),
  ...ways({ passwordAllowed: true }),
};
const secondFactor: Answers = {
  ...ways({ passwordAllowed: true }),
  'POST /api/session': {
    state: 'second_factor',
    ticket: 'ticket',
    methods: ['totp', 'recovery_code'],
  } satisfies SignInResult,
  'POST /api/session/second-factor': () => refuse('code_invalid'),
};

const sessions: SessionList = {
  sessions: [
    {
      sessionId: 's1',
      current: true,
      createdAt: now - 2 * HOUR,
      lastSeenAt: now,
      address: '192.0.2.17',
      agent: 'Chrome on Windows',
      method: 'password',
    },
    {
      sessionId: 's2',
      current: false,
      createdAt: now - 9 * DAY,
      lastSeenAt: now - 5 * HOUR,
      address: '2001:db8:4a:12::7',
      agent: 'Safari on iPhone',
      method: 'passkey',
    },
    {
      sessionId: 's3',
      current: false,
      createdAt: now - 20 * DAY,
      lastSeenAt: now - 11 * DAY,
      method: 'saml',
    },
  ],
};

const setup: TotpSetup = {
  ticket: 'ticket',
  uri: 'otpauth://totp/Offhook:anna@berger.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Offhook',
  secret: 'JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP',
};
const codes = Array.from({ length: 10 }, (_, index) => `k${index}3f-9q${index}w-x7t${index}`);

/** Refused until who it is has been proved anew: the second time. */
const onceProved = (): (() => HttpResponse) => {
  let isProved = false;
  return () => {
    const answer = isProved ? ok({ codes }) : refuse('reauthentication_required');
    isProved = !isProved;
    return answer;
  };
};

const security = (part: Partial<Account>, answers: Answers = {}): Scene =>
  pageScene('admin', '/account/security', {
    'GET /api/account': { ...account, ...part },
    'GET /api/account/sessions': sessions,
    'DELETE /api/account/sessions': () => ok(),
    'DELETE /api/account/sessions/:id': () => ok(),
    'POST /api/account/totp': setup,
    'POST /api/account/totp/confirm': { codes },
    'POST /api/account/recovery-codes': { codes },
    'DELETE /api/account/totp': () => refuse('reauthentication_required'),
    'POST /api/account/reauthenticate': () => refuse('invalid_credentials'),
    'POST /api/account/password': () => refuse('password_weak'),
    ...answers,
  });

/** Signing in, links from mails, and the own account. */
export const accountScenes = {
  'sign-in': openScene('/account/sign-in', wrongPassword),
  'sign-in-second': openScene('/account/sign-in', secondFactor),
  'sign-in-sso': openScene(
    '/account/sign-in',
    ways({ sso: { name: 'Berger Entra ID', startUrl: '#' }, passwordAllowed: true }),
  ),
  'sign-in-sso-only': openScene(
    '/account/sign-in',
    ways({ sso: { name: 'Berger Entra ID', startUrl: '#' }, passwordAllowed: false }),
  ),
  'sign-in-expired': openScene('/account/sign-in', { 'GET /api/session': { me: null, expired: true } }),
  'sign-in-sso-failed': openScene('/account/sign-in?error=sso_failed'),
  invitation: openScene(`/account/invitation#${TOKEN}`, link({})),
  'invitation-terms': openScene(`/account/invitation#${TOKEN}`, link({ terms })),
  'first-provider': openScene(
    `/account/invitation#${TOKEN}`,
    link({ kind: 'first_provider', name: '', email: '', tenantName: 'Offhook' }),
  ),
  'invitation-provider': openScene(
    `/account/invitation#${TOKEN}`,
    link({ role: 'provider', email: 'otto@provider.example', name: 'Otto Ober', tenantName: 'Offhook' }),
  ),
  reset: openScene(`/account/reset#${TOKEN}`, link({ kind: 'password_reset' })),
  'link-expired': openScene(`/account/invitation#${TOKEN}`, {
    'POST /api/links/inspect': () => refuse('link_expired'),
  }),
  'link-incomplete': openScene('/account/invitation#abc'),
  'link-loading': openScene(`/account/invitation#${TOKEN}`, { 'POST /api/links/inspect': never }),
  forgot: openScene('/account/forgot', { 'POST /api/password-reset': () => ok() }),
  security: security({}),
  'security-full': security({
    totp: true,
    recoveryCodesLeft: 2,
    passkeys: [
      { passkeyId: 'p1', name: 'My laptop', createdAt: now - 40 * DAY, lastUsedAt: now - 3 * HOUR },
      { passkeyId: 'p2', name: 'YubiKey', createdAt: now - 3 * DAY },
    ],
  }),
  'security-passkey-only': security(
    {
      hasPassword: false,
      passkeys: [{ passkeyId: 'p1', name: 'Chrome on Windows', createdAt: now - DAY }],
    },
    {
      'DELETE /api/account/passkeys/:id': () => refuse('only_way_in'),
      'POST /api/account/recovery-codes': onceProved(),
      'POST /api/account/reauthenticate/options': { ticket: 'ticket', options: {} },
      'POST /api/account/reauthenticate': () => ok(),
    },
  ),
  'security-missing': security({ secondFactorMissing: true, hasPassword: false }),
  'security-loading': security({}, { 'GET /api/account': never, 'GET /api/account/sessions': never }),
  'security-failed': security({}, { 'GET /api/account': () => refuse('unavailable') }),
  'security-as-user': {
    path: '/account/security',
    answers: {
      'GET /api/session': { me: personOf('user') },
      'GET /api/account': account,
      'GET /api/account/sessions': { sessions: sessions.sessions.slice(0, 1) },
    },
  },
} satisfies Record<string, Scene>;
