import {
  ApiKeyId,
  ConnectorId,
  type ApiKey,
  type ConnectorDetail,
  type ConnectorState,
  type CreatedKey,
} from '@offhook/contract';
import { DAY, HOUR, never, now, ok, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const id = (n: number): ConnectorId => ConnectorId.parse(`con_000000000000000000000${n}`);
const keyId = (n: number): ApiKeyId => ApiKeyId.parse(`key_000000000000000000000${n}`);

const well: ConnectorState = {
  connectorId: id(1),
  name: 'Head office Stuttgart',
  online: true,
  since: now - 9 * DAY,
  version: '0.4.0',
  address: '203.0.113.20',
  platform: { product: 'OpenScape Voice', version: 'V10 R4', reached: true, cti: 'up' },
  lines: 1240,
  registered: 1240,
  calls: 37,
  draining: false,
  trouble: [],
};
const ailing: ConnectorState = {
  ...well,
  connectorId: id(2),
  name: 'Works Esslingen',
  since: now - 3 * HOUR,
  platform: { product: 'OpenScape 4000', version: 'V10 R0', reached: true, cti: 'down' },
  lines: 412,
  registered: 398,
  calls: 6,
  trouble: [
    { kind: 'lines_refused', detail: '14: 403 Forbidden' },
    { kind: 'cti_down', detail: 'Connection refused 10.20.0.4:1040' },
    { kind: 'platform_deprecated', detail: 'OpenScape 4000 V10 R0 · 2027-03-31' },
    { kind: 'key_expiring', detail: new Date(now + 20 * HOUR).toISOString() },
  ],
};
const offline: ConnectorState = {
  connectorId: id(3),
  name: 'Sales office Barcelona',
  online: false,
  since: now - 42 * 60_000,
  version: '0.3.2',
  address: '198.51.100.7',
  draining: false,
  trouble: [{ kind: 'offline' }],
};
const fresh: ConnectorState = {
  connectorId: id(4),
  name: 'Branch Lyon',
  online: false,
  draining: false,
  trouble: [{ kind: 'never_connected' }],
};
export const connectorStates: ConnectorState[] = [well, ailing, offline];

const key = (n: number, part: Partial<ApiKey>): ApiKey => ({
  keyId: keyId(n),
  connectorId: id(1),
  name: 'Head office Stuttgart',
  scopes: ['connector'],
  hint: 'ohk_7fQ2',
  createdAt: now - 60 * DAY,
  lastUsedAt: now - 60_000,
  ...part,
});
const connectorKeys: ApiKey[] = [
  key(1, { createdAt: now - 2 * HOUR, hint: 'ohk_Xk9a' }),
  key(2, { expiresAt: now + 22 * HOUR }),
  key(3, { hint: 'ohk_b0Pd', revokedAt: now - 30 * DAY, lastUsedAt: now - 31 * DAY }),
];
const { connectorId: _none, ...programKey } = key(4, {
  name: 'OpenScape UMS',
  scopes: ['provisioning'],
  hint: 'ohk_w3Le',
});
const { connectorId: _no, ...scimKey } = key(5, { name: 'Entra ID', scopes: ['scim'], hint: 'ohk_m8Zc' });

const detail = (state: ConnectorState, part: Partial<ConnectorDetail> = {}): ConnectorDetail => ({
  state,
  startLine: 'npm run connector -- --cloud https://offhook.provider.example',
  keys: connectorKeys,
  pbx: {
    config: {
      kind: 'openscape-voice',
      host: 'osv.berger.example',
      port: 5061,
      transport: 'tls',
      registerExpires: 600,
      ringSeconds: 120,
      attachment: { by: 'registration' },
      csta: { host: '10.10.0.7', port: 1040, transport: 'tls', user: 'offhook' },
      codes: { voicemail: '*99', park: '*68', unpark: '*69{number}', pickUp: '*41{number}' },
      emergencyNumbers: ['112', '110'],
      alternativeAfterSeconds: 10,
    },
    hasCstaPassword: true,
    hasTrunkPassword: false,
  },
  ...part,
});

const created: CreatedKey = {
  key: connectorKeys[0] ?? key(1, {}),
  secret: 'ohk_3vJm8sTqXb2RfKd7WzLp5NcYh9Ga',
  startLine: 'npm run connector -- --cloud https://offhook.provider.example',
};
const acts: Answers = {
  'POST /api/admin/keys': created,
  'POST /api/admin/keys/:id/regenerate': created,
  'DELETE /api/admin/keys/:id': () => ok(),
  'POST /api/admin/connectors/:id/drain': { ...well, draining: true },
  'POST /api/admin/connectors/:id/resume': well,
  'DELETE /api/admin/connectors/:id': () => refuse('conflict'),
  'PATCH /api/admin/connectors/:id': () => refuse('bad_request', ['body.pbx.host']),
  'POST /api/admin/connectors': detail(fresh, { keys: [] }),
};
const list = (connectors: ConnectorState[]): Answers => ({
  'GET /api/admin/connectors': { connectors },
  'GET /api/admin/keys': { keys: [programKey, scimKey] },
  ...acts,
});
const one = (state: ConnectorState, part: Partial<ConnectorDetail> = {}): Scene =>
  pageScene('admin', `/admin/connectors/${state.connectorId}`, {
    ...list(connectorStates),
    'GET /api/admin/connectors/:id': detail(state, part),
  });

export const connectorScenes = {
  connectors: pageScene('admin', '/admin/connectors', list([...connectorStates, fresh])),
  'connectors-none': pageScene('admin', '/admin/connectors', {
    ...list([]),
    'GET /api/admin/keys': { keys: [] },
  }),
  'connectors-loading': pageScene('admin', '/admin/connectors', {
    'GET /api/admin/connectors': never,
    'GET /api/admin/keys': never,
  }),
  'connectors-failed': pageScene('admin', '/admin/connectors', {
    'GET /api/admin/connectors': () => refuse('internal'),
    'GET /api/admin/keys': () => refuse('internal'),
  }),
  'connector-wizard': pageScene('admin', '/admin/connectors?new=1', {
    ...list([]),
    'GET /api/admin/connectors/:id': detail(fresh, { keys: [] }),
  }),
  'connector-start': one(fresh, { keys: [] }),
  connector: one(well),
  'connector-trouble': one(ailing),
  'connector-offline': one(offline),
  'connector-gone': pageScene('admin', `/admin/connectors/${id(9)}`, {
    'GET /api/admin/connectors/:id': () => refuse('not_found'),
  }),
} satisfies Record<string, Scene>;
