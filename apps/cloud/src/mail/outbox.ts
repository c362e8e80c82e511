import type { Language, TenantId } from '@offhook/contract';
import * as z from 'zod';
import { notifyChange } from '../database/changes.ts';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** What each kind of mail tells. `url` holds a one-time token: the params are sealed at rest. */
export const mailKinds = {
  invitation: z.object({
    name: z.string(),
    tenantName: z.string(),
    inviter: z.string(),
    url: z.string(),
    expiresAt: z.number(),
  }),
  administrator_invitation: z.object({
    name: z.string(),
    tenantName: z.string(),
    inviter: z.string(),
    url: z.string(),
    expiresAt: z.number(),
  }),
  /** To work for whoever runs the service. */
  provider_invitation: z.object({
    name: z.string(),
    inviter: z.string(),
    url: z.string(),
    expiresAt: z.number(),
  }),
  password_reset: z.object({ name: z.string(), url: z.string(), expiresAt: z.number() }),
  password_changed: z.object({ name: z.string(), at: z.number() }),
  /** To the address that was the person's. */
  email_changed: z.object({ name: z.string(), at: z.number() }),
  second_factor_changed: z.object({
    name: z.string(),
    change: z.enum(['totp_on', 'totp_off', 'passkey_added', 'passkey_removed', 'recovery_used', 'reset']),
    at: z.number(),
  }),
  sign_in_locked: z.object({ name: z.string(), at: z.number() }),
  tenant_suspended: z.object({ name: z.string(), tenantName: z.string(), reason: z.string() }),
  platform_notice: z.object({
    name: z.string(),
    tenantName: z.string(),
    connectorName: z.string(),
    notice: z.string(),
  }),
  /** `name`: the support address, which nobody knows a name of. `bundle`: JSON as text, attached. */
  support_bundle: z.object({
    name: z.string(),
    tenantName: z.string(),
    sender: z.string(),
    note: z.string(),
    bundle: z.string(),
  }),
} as const;
export type MailKind = keyof typeof mailKinds;
export type MailParams<Kind extends MailKind> = z.infer<(typeof mailKinds)[Kind]>;

export const mailContext = (tenantId: string, mailId: string): string => `mail\n${tenantId}\n${mailId}`;

/** Write a mail down with what it tells of; it is sent after the transaction. */
export async function enqueueMail<Kind extends MailKind>(
  transaction: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
  mail: { kind: Kind; to: string; language: Language; params: MailParams<Kind> },
): Promise<void> {
  const mailId = newId('mail');
  const now = Date.now();
  await transaction
    .insertInto('mail_outbox')
    .values({
      tenant_id: tenantId,
      mail_id: mailId,
      kind: mail.kind,
      to_address: mail.to,
      language: mail.language,
      sealed_params: secrets.seal(JSON.stringify(mail.params), mailContext(tenantId, mailId)),
      created_at: now,
      next_attempt_at: now,
      sent_at: null,
      failure: null,
    })
    .execute();
  await notifyChange(transaction, { kind: 'mail', tenantId });
}
