import { TenantDetail, TenantPage, type TenantStatus, type TenantSummary } from '@offhook/contract';
import { DAY, never, now, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const companies = [
  ['Berger & Söhne GmbH', 'active', 118, 150, 2, 2],
  ['Ciutat Vella Serveis, S.L.', 'active', 12, 20, 0, 1],
  ['De Vries Logistiek B.V.', 'invited', 0, 80, 0, 0],
  ['Stadtwerke Oberhausen an der Mühle', 'active', 940, 1_000, 3, 4],
  ['Zoccoli e Figli', 'suspended', 7, 10, 1, 1],
  ['Old Mill Hotels', 'deleting', 31, 40, 0, 1],
] as const satisfies readonly (readonly [string, TenantStatus, number, number, number, number])[];

const tenants: TenantSummary[] = TenantPage.parse({
  total: companies.length,
  tenants: companies.map(([name, status, seatsUsed, seats, connectorsOnline, connectors], index) => ({
    tenantId: `ten_${String(index + 1).padStart(22, '0')}`,
    name,
    status,
    platform: index % 2 === 0 ? 'openscape-business' : 'openscape-voice',
    seats,
    seatsUsed,
    connectorsOnline,
    connectors,
    createdAt: now - (index + 1) * 40 * DAY,
  })),
}).tenants;

const detail = (index: number, part: Partial<TenantDetail> = {}): TenantDetail =>
  TenantDetail.parse({
    ...tenants[index],
    subscription: {
      platform: 'openscape-business',
      seats: tenants[index]?.seats,
      price: { amount: 490, currency: 'EUR' },
      startsOn: '2026-10-01',
    },
    timeZone: 'Europe/Berlin',
    supportContact: 'support@provider.example',
    administrators: [
      {
        userId: 'usr_0000000000000000000001',
        email: 'anna@berger.example',
        name: 'Anna Berger',
        status: 'active',
      },
      {
        userId: 'usr_0000000000000000000002',
        email: 'ben@berger.example',
        name: 'Ben Carter',
        status: 'invited',
        invitationExpiresAt: now + 5 * DAY,
      },
    ],
    termsAccepted: { version: '2026-11', at: now - 39 * DAY, by: 'Anna Berger' },
    ...part,
  });

const list = (answers: Answers): Scene =>
  pageScene('provider', '/admin/tenants', {
    'GET /api/provider/tenants': { tenants, total: tenants.length },
    'POST /api/provider/tenants': () => refuse('name_taken'),
    ...answers,
  });

const one = (tenant: TenantDetail, answers: Answers = {}): Scene =>
  pageScene('provider', `/admin/tenants/${tenant.tenantId}`, {
    'GET /api/provider/tenants/:id': tenant,
    'PATCH /api/provider/tenants/:id': () => refuse('conflict'),
    'POST /api/provider/tenants/:id/suspend': tenant,
    'POST /api/provider/tenants/:id/resume': tenant,
    'POST /api/provider/tenants/:id/delete': () => refuse('name_mismatch'),
    'POST /api/provider/tenants/:id/restore': tenant,
    'POST /api/provider/tenants/:id/administrators': () => refuse('email_taken'),
    ...answers,
  });

/** The provider's customers. */
export const tenantScenes = {
  tenants: list({}),
  'tenants-empty': list({ 'GET /api/provider/tenants': { tenants: [], total: 0 } }),
  'tenants-loading': list({ 'GET /api/provider/tenants': never }),
  'tenants-failed': list({ 'GET /api/provider/tenants': () => refuse('unavailable') }),
  tenant: one(detail(0)),
  'tenant-invited': one(detail(2, { termsAccepted: undefined })),
  'tenant-suspended': one(
    detail(4, { suspendedAt: now - 3 * DAY, suspendedReason: 'Invoices of September and October are open.' }),
  ),
  'tenant-deleting': one(detail(5, { deletesAt: now + 26 * DAY })),
  'tenant-loading': one(detail(0), { 'GET /api/provider/tenants/:id': never }),
} satisfies Record<string, Scene>;
