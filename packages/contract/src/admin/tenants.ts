import * as z from 'zod';
import { TenantId } from '../ids.ts';
import { PlatformKind } from '../platform.ts';
import { Country } from '../people/numbering.ts';
import { EmailAddress, Language, Millis, Month, TimeZone, Day } from './common.ts';

/**
 * `invited`: no administrator has accepted the terms yet · `active` · `suspended`: administrators come in, people may call for help and
 * nothing else · `deleting`: gone after the stated time, until then it can be taken back.
 */
export const TenantStatus = z.enum(['invited', 'active', 'suspended', 'deleting']);
export type TenantStatus = z.infer<typeof TenantStatus>;

/** Money in the currency's smallest unit, e.g. cents. */
export const Money = z.object({
  amount: z.number().int().nonnegative().max(100_000_00),
  currency: z.string().regex(/^[A-Z]{3}$/u),
});
export type Money = z.infer<typeof Money>;

export const Subscription = z.object({
  platform: PlatformKind,
  seats: z.number().int().min(0).max(100_000),
  /** Per user and month. */
  price: Money,
  startsOn: Day,
});
export type Subscription = z.infer<typeof Subscription>;

/** `GET /api/provider/tenants` {@link TenantQuery} → {@link TenantPage}. */
export const TenantQuery = z.object({
  search: z.string().max(100).optional(),
  status: TenantStatus.optional(),
  sort: z.enum(['name', 'createdAt', 'seatsUsed']).default('name'),
  descending: z.stringbool().default(false),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
});
export const TenantSummary = z.object({
  tenantId: TenantId,
  name: z.string(),
  status: TenantStatus,
  platform: PlatformKind.optional(),
  seats: z.number().int().optional(),
  seatsUsed: z.number().int(),
  connectorsOnline: z.number().int(),
  connectors: z.number().int(),
  createdAt: Millis,
});
export type TenantSummary = z.infer<typeof TenantSummary>;
export const TenantPage = z.object({ tenants: z.array(TenantSummary), total: z.number().int() });
export type TenantPage = z.infer<typeof TenantPage>;

const invited = z.object({ email: EmailAddress, name: z.string().min(1).max(200), language: Language });

/** `POST /api/provider/tenants` → 201 {@link TenantDetail}; 409 `name_taken`, `email_taken`. */
export const NewTenant = z.object({
  name: z.string().min(1).max(200),
  subscription: Subscription,
  timeZone: TimeZone.default('Europe/Berlin'),
  supportContact: EmailAddress.optional(),
  administrator: invited,
});
export type NewTenant = z.infer<typeof NewTenant>;

/** An administrator of a tenant. `invited`: the link has not been followed yet. */
export const Administrator = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  status: z.enum(['invited', 'active', 'disabled']),
  invitationExpiresAt: Millis.optional(),
});
export type Administrator = z.infer<typeof Administrator>;
export const AdministratorList = z.object({ administrators: z.array(Administrator) });
export type AdministratorList = z.infer<typeof AdministratorList>;

/** `GET /api/provider/tenants/:tenantId`. */
export const TenantDetail = TenantSummary.extend({
  subscription: Subscription.optional(),
  timeZone: TimeZone,
  supportContact: z.string().optional(),
  administrators: z.array(Administrator),
  suspendedAt: Millis.optional(),
  suspendedReason: z.string().optional(),
  /** When it is gone for good, for `deleting`. */
  deletesAt: Millis.optional(),
  termsAccepted: z.object({ version: z.string(), at: Millis, by: z.string() }).optional(),
});
export type TenantDetail = z.infer<typeof TenantDetail>;

/**
 * `PATCH /api/provider/tenants/:tenantId` → {@link TenantDetail}. Acts: `POST …/suspend` {@link Suspend}, `…/resume`, `…/delete` {@link ConfirmByName},
 * `…/restore`, each → {@link TenantDetail}; `…/administrators` {@link InviteAdministrator} → 201 {@link Administrator}, `…/administrators/:userId/invitation` (again)
 * → {@link Administrator}. 404 `not_found`; 409 `conflict` where the tenant's state or the person's does not permit it, `name_taken`, `email_taken`; 400 `name_mismatch`.
 */
export const TenantChange = z.object({
  name: z.string().min(1).max(200).optional(),
  subscription: Subscription.optional(),
  timeZone: TimeZone.optional(),
  supportContact: EmailAddress.nullable().optional(),
});
export type TenantChange = z.infer<typeof TenantChange>;
export const Suspend = z.object({ reason: z.string().min(1).max(500) });
/** Destructive acts are confirmed by the name of what goes. */
export const ConfirmByName = z.object({ name: z.string().max(200) });
export const InviteAdministrator = invited;
export type InviteAdministrator = z.infer<typeof InviteAdministrator>;

/**
 * The provider's own people: `GET /api/provider/people` → {@link AdministratorList}, `POST` {@link InviteAdministrator} → 201 {@link Administrator} (409 `email_taken`),
 * `POST …/:userId/invitation` → {@link Administrator}, `POST …/:userId/password-reset` → 204, `POST …/:userId/remove` {@link ConfirmByName} → 204: gone at once, with all
 * sessions (400 `name_mismatch`, 403 `forbidden`: oneself, 409 `last_administrator`). `GET` and `PATCH /api/provider/settings` {@link ProviderSettings}.
 */
export const ProviderSettings = z.object({
  /** A second factor is demanded of everybody who works for the provider. */
  secondFactorRequired: z.boolean(),
});
export type ProviderSettings = z.infer<typeof ProviderSettings>;

/**
 * The tenant as its administrators see and set it: `GET` and `PATCH /api/admin/tenant`; `GET /api/admin/administrators` → {@link AdministratorList}, `POST`
 * {@link InviteAdministrator} → 201 {@link Administrator}, `DELETE /api/admin/administrators/:userId` (409 `last_administrator`), `POST …/:userId/invitation` → {@link Administrator}.
 */
export const TenantSettings = z.object({
  name: z.string(),
  status: TenantStatus,
  timeZone: TimeZone,
  /** Numbers without a calling code are of this country. Until somebody chooses one, that of the time zone. */
  country: Country,
  language: Language,
  /** Where requests for help of this tenant's people go. */
  supportAddress: z.string().nullable(),
  /** Days that call records are kept. */
  callRetentionDays: z.number().int().min(1).max(3650),
  /** Days after which a deleted person's data is gone. */
  deletionGraceDays: z.number().int().min(0).max(90),
  /** Of whom a second factor is demanded. */
  secondFactorFor: z.enum(['nobody', 'administrators', 'everybody']),
});
export type TenantSettings = z.infer<typeof TenantSettings>;
export const TenantSettingsChange = TenantSettings.omit({ status: true })
  .extend({ name: z.string().min(1).max(200), supportAddress: EmailAddress.nullable() })
  .partial();
export type TenantSettingsChange = z.infer<typeof TenantSettingsChange>;

/**
 * Usage: `GET /api/admin/usage` (all months, newest first) and `GET /api/provider/usage?month=` (all tenants) with {@link UsageQuery} →
 * {@link UsageReport} as JSON, or CSV by `Accept: text/csv` or `format=csv`.
 * A user-month is one seat taken for all of a month; each day of the month on which the seat was taken at any time (in the tenant's
 * time zone) counts 1 ÷ days of that month.
 */
export const UsageLine = z.object({
  tenantId: TenantId,
  tenantName: z.string(),
  month: Month,
  platform: PlatformKind,
  timeZone: TimeZone,
  seats: z.number().int(),
  /** Sum of the days that seats were taken. */
  userDays: z.number().int(),
  daysInMonth: z.number().int(),
  /** With four decimals. */
  userMonths: z.number(),
  price: Money,
  /** `userMonths` × price, rounded half up to the smallest unit. */
  amount: z.number().int(),
  /** The month is over: the figures do not change any more. */
  closed: z.boolean(),
});
export type UsageLine = z.infer<typeof UsageLine>;
/** `month` absent: every month of a tenant; for the provider, the month that runs in the provider's time zone. */
export const UsageQuery = z.object({ month: Month.optional(), format: z.enum(['json', 'csv']).optional() });
export type UsageQuery = z.infer<typeof UsageQuery>;
export const UsageReport = z.object({ lines: z.array(UsageLine) });
export type UsageReport = z.infer<typeof UsageReport>;
