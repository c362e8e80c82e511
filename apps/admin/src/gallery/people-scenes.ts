import {
  ConnectorStates,
  ImportRowPage,
  UserRow,
  type Administrator,
  type Import,
  type ImportRow,
  type Overview,
  type TenantSettings,
} from '@offhook/contract';
import { DAY, HOUR, never, now, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const CONNECTOR = 'con_0000000000000000000001';
const connectors = ConnectorStates.parse({
  connectors: [
    { connectorId: CONNECTOR, name: 'Head office', online: true, draining: false, trouble: [] },
    {
      connectorId: 'con_0000000000000000000002',
      name: 'Hamburg branch',
      online: true,
      draining: false,
      trouble: [],
    },
  ],
});

const names = [
  'Anna Berger',
  'Ben Carter',
  'Carla Duval',
  'David Öztürk',
  'Émile Zola',
  'Fatima el Amrani',
  'Giulia Rossi',
  'Maximilian von und zu Hohenstein-Brandenburg',
  'Ines Puig i Ferrer',
  'Jan de Vries',
];
const states = ['active', 'active', 'invited', 'active', 'disabled'] as const;

const person = (index: number, part: Partial<UserRow> = {}): UserRow => {
  const name = names[index % names.length] ?? '';
  const status = states[index % states.length] ?? 'active';
  const account = name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z ]/gu, '')
    .split(' ');
  return UserRow.parse({
    userId: `usr_${String(index + 1).padStart(22, '0')}`,
    email: `${account[0] ?? ''}.${account.at(-1) ?? ''}@berger.example`,
    name,
    role: index === 0 ? 'admin' : 'user',
    status,
    language: 'de',
    seat: index !== 4 && status !== 'disabled',
    ...(index === 4
      ? {}
      : {
          line: {
            connectorId: CONNECTOR,
            connectorName: index % 3 === 2 ? 'Hamburg branch' : 'Head office',
            number: String(101 + index),
            shortNumber: String(11 + index),
            deskPhone: String(901 + index),
            hasPassword: true,
          },
        }),
    createdAt: now - 90 * DAY,
    ...(status === 'invited' ? {} : { lastSeenAt: now - (index + 1) * 3 * HOUR }),
    invitedAt: now - 2 * DAY,
    ...(status === 'invited' ? { invitationExpiresAt: now + 5 * DAY } : {}),
    source: index === 3 ? 'scim' : 'portal',
    ...part,
  });
};
const people = names.map((_, index) => person(index));

const overview: Overview = {
  guide: [],
  connectors: connectors.connectors,
  seats: { used: 118, of: 150 },
  users: { active: 104, invited: 12, disabled: 3 },
  hours: [],
  seatDays: [],
};

const about: Answers = {
  'GET /api/admin/connectors': connectors,
  'GET /api/admin/overview': overview,
};

const users = (answers: Answers, path = '/admin/users'): Scene =>
  pageScene('admin', path, {
    ...about,
    'GET /api/admin/users': { users: people, total: 48_310 },
    'POST /api/admin/users': () => refuse('email_taken'),
    'POST /api/admin/users/acts': {
      done: 1,
      refused: [{ userId: person(1).userId, code: 'last_administrator', message: '' }],
    },
    ...answers,
  });

const user = (part: Partial<UserRow>, index = 1, answers: Answers = {}): Scene => {
  const one = person(index, part);
  return pageScene('admin', `/admin/users/${one.userId}`, {
    ...about,
    'GET /api/admin/users/:id': one,
    'PATCH /api/admin/users/:id': () => refuse('number_taken'),
    'POST /api/admin/users/:id/:act': one,
    'DELETE /api/admin/users/:id': one,
    ...answers,
  });
};

const run = (part: Partial<Import>): Import => ({
  importId: 'imp_1',
  fileName: 'Telefonliste 2026.csv',
  state: 'preview',
  encoding: 'windows-1252',
  delimiter: ';',
  columns: [
    { heading: 'E-Mail', samples: ['anna@berger.example', 'ben@berger.example'], field: 'email' },
    { heading: 'Vorname', samples: ['Anna', 'Ben', 'Carla'], field: 'firstName' },
    { heading: 'Nachname', samples: ['Berger', 'Carter', 'Duval'], field: 'lastName' },
    { heading: 'Rufnummer', samples: ['101', '102', '103'], field: 'number' },
    { heading: 'Kostenstelle', samples: ['4711', '4712', '4711'], field: null },
    { heading: '', samples: ['x', '', 'x'], field: null },
  ],
  progress: { done: 412, of: 412 },
  counts: { new: 388, changed: 12, unchanged: 9, refused: 3 },
  createdAt: now - HOUR,
  createdBy: 'Anna Berger',
  ...part,
});

const rowsOf: Record<ImportRow['kind'], ImportRow[]> = {
  new: [2, 3, 4].map((row) => ({
    row,
    kind: 'new',
    email: person(row).email,
    name: person(row).name,
    changes: [
      { field: 'number', after: String(100 + row) },
      { field: 'deskPhone', after: String(900 + row) },
    ],
  })),
  changed: [
    {
      row: 17,
      kind: 'changed',
      email: 'jan.vries@berger.example',
      name: 'Jan de Vries',
      changes: [
        { field: 'number', before: '110', after: '140' },
        { field: 'name', before: 'Jan Vries', after: 'Jan de Vries' },
      ],
    },
  ],
  unchanged: [{ row: 9, kind: 'unchanged', email: 'ben.carter@berger.example', name: 'Ben Carter' }],
  refused: [
    { row: 41, kind: 'refused', name: 'Post room', problem: { code: 'email_missing', column: 'E-Mail' } },
    {
      row: 97,
      kind: 'refused',
      email: 'giulia.rossi@berger.example',
      name: 'Giulia Rossi',
      problem: { code: 'number_twice', column: 'Rufnummer', value: '107' },
    },
    {
      row: 203,
      kind: 'refused',
      email: 'ines.ferrer@berger.example',
      problem: { code: 'seats_exhausted' },
    },
  ],
};

const importRun = (part: Partial<Import>): Scene =>
  pageScene('admin', '/admin/import/imp_1', {
    'GET /api/admin/imports/:id': run(part),
    'GET /api/admin/imports/:id/rows': ({ path }) => {
      const kind = (new URLSearchParams(path.split('?')[1]).get('kind') ?? 'new') as ImportRow['kind'];
      return { status: 200, body: ImportRowPage.parse({ rows: rowsOf[kind], total: rowsOf[kind].length }) };
    },
    'POST /api/admin/imports/:id/mapping': run({ state: 'preview' }),
    'POST /api/admin/imports/:id/apply': run({ state: 'applying', progress: { done: 150, of: 400 } }),
    'POST /api/admin/imports/:id/undo': run({ state: 'undoing', progress: { done: 0, of: 400 } }),
  });

const imports = (list: readonly Import[], more: Answers = {}): Scene =>
  pageScene('admin', '/admin/import', {
    ...about,
    'GET /api/admin/imports': { imports: list },
    'POST /api/admin/imports': () => refuse('too_large'),
    ...more,
  });

const anna: Administrator = {
  userId: 'usr_0000000000000000000001',
  email: 'anna@berger.example',
  name: 'Anna Berger',
  status: 'active',
};
const administrators = (list: readonly Administrator[]): Scene =>
  pageScene('admin', '/admin/administrators', {
    'GET /api/admin/administrators': { administrators: list },
    'POST /api/admin/administrators': () => refuse('email_taken'),
    'POST /api/admin/administrators/:id/invitation': anna,
    'DELETE /api/admin/administrators/:id': () => refuse('last_administrator'),
  });

const settings: TenantSettings = {
  name: 'Berger & Söhne GmbH',
  status: 'active',
  timeZone: 'Europe/Berlin',
  country: 'DE',
  language: 'de',
  supportAddress: 'it@berger.example',
  callRetentionDays: 90,
  deletionGraceDays: 30,
  secondFactorFor: 'administrators',
};

/** Users, imports, administrators and settings of a company. */
export const peopleScenes = {
  users: users({}),
  'users-empty': users({ 'GET /api/admin/users': { users: [], total: 0 } }),
  'users-none-found': users({ 'GET /api/admin/users': { users: [], total: 0 } }, '/admin/users?q=nobody'),
  'users-loading': users({ 'GET /api/admin/users': never }),
  'users-failed': users({ 'GET /api/admin/users': () => refuse('unavailable') }),
  'users-full': users({ 'GET /api/admin/overview': { ...overview, seats: { used: 150, of: 150 } } }),
  user: user({}),
  'user-invited': user({}, 2),
  'user-without-line': user({ line: undefined, seat: false }, 3),
  'user-deleted': user({ status: 'deleted', line: undefined, seat: false, goneAt: now + 28 * DAY }),
  'user-self': user({}, 0),
  'user-loading': user({}, 1, { 'GET /api/admin/users/:id': never }),
  'user-missing': user({}, 1, { 'GET /api/admin/users/:id': () => refuse('not_found') }),
  imports: imports([
    run({ importId: 'imp_3', state: 'applying', progress: { done: 1, of: 4 } }),
    run({ importId: 'imp_2', state: 'applied', appliedAt: now - DAY, createdAt: now - DAY }),
    run({ importId: 'imp_1', fileName: 'export.json', state: 'undone', createdAt: now - 30 * DAY }),
  ]),
  'imports-none': imports([]),
  'imports-no-connector': imports([], { 'GET /api/admin/connectors': { connectors: [] } }),
  'import-reading': importRun({ state: 'reading', progress: { done: 21_000, of: 50_000 } }),
  'import-mapping': importRun({ state: 'mapping', counts: { new: 0, changed: 0, unchanged: 0, refused: 0 } }),
  'import-preview': importRun({}),
  'import-stale': importRun({ failure: 'stale' }),
  'import-refused': importRun({ counts: { new: 0, changed: 0, unchanged: 9, refused: 3 } }),
  'import-applying': importRun({ state: 'applying', progress: { done: 21_000, of: 50_000 } }),
  'import-applied': importRun({ state: 'applied', appliedAt: now - HOUR, undoUntil: now + 23 * HOUR }),
  'import-undone': importRun({ state: 'undone' }),
  'import-failed': importRun({ state: 'failed', failure: 'unreadable' }),
  administrators: administrators([
    anna,
    { ...anna, userId: 'usr_0000000000000000000002', email: 'ben@berger.example', name: 'Ben Carter' },
    {
      userId: 'usr_0000000000000000000003',
      email: 'carla@berger.example',
      name: 'Carla Duval',
      status: 'invited',
      invitationExpiresAt: now + 5 * DAY,
    },
  ]),
  'administrators-one': administrators([anna]),
  settings: pageScene('admin', '/admin/settings', {
    'GET /api/admin/tenant': settings,
    'PATCH /api/admin/tenant': () => refuse('name_taken'),
  }),
  'settings-loading': pageScene('admin', '/admin/settings', { 'GET /api/admin/tenant': never }),
} satisfies Record<string, Scene>;
