import * as z from 'zod';

/* What a person sends to their company's support address: a redacted log bundle that they have seen before. */

export const SupportLimits = {
  /** Characters of one bundle. */
  bundleChars: 40_000,
  noteChars: 1_000,
} as const;

/** `GET /api/support`: where a bundle would go; null where the company has no support address. */
export const SupportContact = z.object({ contact: z.string().nullable() });
export type SupportContact = z.infer<typeof SupportContact>;

/**
 * `POST /api/support/bundle` → 202 {@link SupportContact}; 404 where there is no support address, 429 after a few in an hour. `bundle` is JSON
 * as text, sent on as it is, as an attachment.
 */
export const SupportBundle = z.object({
  note: z.string().max(SupportLimits.noteChars),
  bundle: z
    .string()
    .min(2)
    .max(SupportLimits.bundleChars)
    .refine((text) => {
      try {
        return typeof JSON.parse(text) === 'object';
      } catch {
        return false;
      }
    }),
});
export type SupportBundle = z.infer<typeof SupportBundle>;
