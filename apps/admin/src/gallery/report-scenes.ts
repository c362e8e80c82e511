import {
  TenantId,
  type AuditEntry,
  type PlatformKind,
  type TenantSettings,
  type UsageLine,
} from '@offhook/contract';
import { HOUR, never, now, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const anna: AuditEntry['actor'] = { kind: 'person', id: 'usr_1', name: 'Anna Berger', role: 'admin' };
const acts: readonly Omit<AuditEntry, 'auditId' | 'at'>[] = [
  {
    actor: anna,
    action: 'user.change',
    subject: { kind: 'user', id: 'usr_2', name: 'Carla Duval' },
    before: { 'line.number': '4711', 'line.callerId': null, role: 'user', language: 'de' },
    after: {
      'line.number': '4712',
      'line.callerId': '+49 711 555 4712',
      'line.passwordChanged': true,
      role: 'admin',
      language: 'fr',
      notYetKnown: 'as the log has it',
    },
    address: '192.0.2.17',
    requestId: 'req-7f3a21',
  },
  {
    actor: anna,
    action: 'import.apply',
    subject: { kind: 'import', id: 'imp_1', name: 'subscribers-2026-11.csv' },
    after: { new: 412, changed: 38, unchanged: 1202, refused: 0 },
    address: '192.0.2.17',
  },
  {
    actor: { kind: 'machine', id: 'key_4', name: 'OpenScape UMS' },
    action: 'user.create',
    subject: { kind: 'user', id: 'usr_3', name: 'Pau Ferrer' },
    address: '10.10.0.7',
  },
  {
    actor: { kind: 'system', id: 'system', name: 'system' },
    action: 'user.erase',
    subject: { kind: 'user', id: 'usr_4', name: '' },
  },
  {
    actor: anna,
    action: 'sso.change',
    subject: { kind: 'sso', id: 'sso_1', name: 'Berger Entra ID' },
    before: { enabled: false, domains: ['berger.example'] },
    after: { enabled: true, domains: ['berger.example', 'soehne.example'] },
  },
  {
    actor: anna,
    action: 'api_key.regenerate',
    subject: { kind: 'api_key', id: 'key_1', name: 'Head office Stuttgart' },
    address: '2001:db8:4a:12::7',
  },
  {
    actor: { kind: 'command_line', id: 'cli', name: 'operator@cloud-1' },
    action: 'quota.raise',
    subject: { kind: 'tenant', id: 'ten_1', name: 'Berger & Söhne GmbH' },
  },
];
const entries: AuditEntry[] = acts.map((act, index) => ({
  ...act,
  auditId: 900 - index,
  at: now - index * 5 * HOUR,
}));
/** Its clocks are not those of whoever looks. */
const company: TenantSettings = {
  name: 'Berger & Söhne GmbH',
  status: 'active',
  timeZone: 'Europe/Berlin',
  country: 'DE',
  language: 'de',
  supportAddress: null,
  callRetentionDays: 90,
  deletionGraceDays: 30,
  secondFactorFor: 'administrators',
};
const log = (path: 'admin' | 'provider', shown: AuditEntry[], more = false): Answers => ({
  [`GET /api/${path}/audit`]: { entries: shown, more },
  'GET /api/admin/tenant': company,
});

const line = (n: number, part: Partial<UsageLine>): UsageLine => ({
  tenantId: TenantId.parse(`ten_000000000000000000000${n}`),
  tenantName: 'Berger & Söhne GmbH',
  month: '2026-11',
  platform: 'openscape-voice',
  timeZone: 'Europe/Berlin',
  seats: 1800,
  userDays: 39_648,
  daysInMonth: 30,
  userMonths: 1321.6,
  price: { amount: 390, currency: 'EUR' },
  amount: 515_424,
  closed: true,
  ...part,
});
const months: UsageLine[] = Array.from({ length: 11 }, (_, back) => {
  const userMonths = Math.round((1652 - back * 87) * 100) / 100;
  return line(1, {
    month: `2026-${String(11 - back).padStart(2, '0')}`,
    userDays: Math.round(userMonths * 30),
    userMonths,
    amount: Math.round(userMonths * 390),
    closed: back > 0,
  });
});
const tenants: readonly (readonly [string, PlatformKind, number, string])[] = [
  ['Berger & Söhne GmbH', 'openscape-voice', 1652, 'EUR'],
  ['Hôpital Saint-Luc', 'openscape-4000', 3120, 'EUR'],
  ['Ajuntament de Girona', 'openscape-4000', 840, 'EUR'],
  ['Alpine Re AG', 'openscape-business', 96, 'CHF'],
  ['Van Dijk Logistics', 'generic-sip', 240, 'EUR'],
];
const customers: UsageLine[] = tenants.map(([tenantName, platform, userMonths, currency], index) =>
  line(index + 1, {
    tenantName,
    platform,
    userMonths,
    seats: userMonths + 60,
    userDays: userMonths * 30,
    price: { amount: 390, currency },
    amount: userMonths * 390,
    closed: false,
  }),
);

/** The log and what is billed, of a company and of the provider. */
export const reportScenes = {
  audit: pageScene('admin', '/admin/audit', log('admin', entries, true)),
  'audit-none': pageScene('admin', '/admin/audit', log('admin', [])),
  'audit-none-found': pageScene('admin', '/admin/audit?q=nobody', log('admin', [])),
  'audit-loading': pageScene('admin', '/admin/audit', { 'GET /api/admin/audit': never }),
  'audit-failed': pageScene('admin', '/admin/audit', { 'GET /api/admin/audit': () => refuse('internal') }),
  'audit-provider': pageScene('provider', '/admin/provider/audit', log('provider', entries.slice(0, 3))),
  usage: pageScene('admin', '/admin/usage', { 'GET /api/admin/usage': { lines: months } }),
  'usage-none': pageScene('admin', '/admin/usage', { 'GET /api/admin/usage': { lines: [] } }),
  'usage-loading': pageScene('admin', '/admin/usage', { 'GET /api/admin/usage': never }),
  'usage-provider': pageScene('provider', '/admin/provider/usage', {
    'GET /api/provider/usage': { lines: customers },
  }),
} satisfies Record<string, Scene>;
