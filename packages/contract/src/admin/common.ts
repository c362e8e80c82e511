import * as z from 'zod';

/** Languages of everything that people read, mails included. */
export const Language = z.enum(['en', 'de', 'fr', 'es', 'it', 'nl', 'ca']);
export type Language = z.infer<typeof Language>;

export const EmailAddress = z.email().max(254).toLowerCase();
export type EmailAddress = z.infer<typeof EmailAddress>;

/** Milliseconds since the epoch. */
export const Millis = z.number().int().nonnegative();

/** A calendar day in the tenant's time zone, `2026-11-24`. */
export const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u);
/** `2026-11`. */
export const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/u);

/** An IANA name such as `Europe/Berlin`. */
export const TimeZone = z.string().min(1).max(64);

/** A page of a list, first page 1. */
export const paging = {
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(50),
} as const;

/** Bounds of administration. */
export const AdminLimits = {
  usersPerTenant: 100_000,
  connectorsPerTenant: 100,
  /** Bytes of one import file. 50,000 rows have about 6 MB. */
  importBytes: 32 * 1024 * 1024,
  importRows: 100_000,
  importColumns: 100,
  /** Users in one request of the provisioning API. */
  provisioningBatch: 500,
  ssoDomains: 20,
} as const;
