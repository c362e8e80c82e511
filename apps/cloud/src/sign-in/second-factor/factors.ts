import type { SecondFactorMethod, TenantId, UserId } from '@offhook/contract';
import type { TenantTransaction } from '../../database/database.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { totpStep } from './totp.ts';

/** What of a user can stand beside a password. Recovery codes only replace one of the others. */
export type Factors = {
  totp: boolean;
  recoveryCodesLeft: number;
  passkeys: { credentialId: string; transports: string[] }[];
};

export async function readFactors(trx: TenantTransaction, userId: UserId): Promise<Factors> {
  const totp = await trx
    .selectFrom('totp_secrets')
    .select('user_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const passkeys = await trx
    .selectFrom('passkeys')
    .select(['credential_id as credentialId', 'transports'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute();
  const left = await trx
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { totp: totp !== undefined, recoveryCodesLeft: left.count, passkeys };
}

export async function hasSecondFactor(trx: TenantTransaction, userId: UserId): Promise<boolean> {
  const { totp, passkeys } = await readFactors(trx, userId);
  return totp || passkeys.length > 0;
}

/** What may be asked for beside a password; none: there is no second factor. */
export function methodsOf({ totp, recoveryCodesLeft, passkeys }: Factors): SecondFactorMethod[] {
  if (!totp && passkeys.length === 0) return [];
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(passkeys.length > 0 ? (['passkey'] as const) : []),
    ...(recoveryCodesLeft > 0 ? (['recovery_code'] as const) : []),
  ];
}

export const totpContext = (tenantId: TenantId, userId: UserId): string => `totp\n${tenantId}\n${userId}`;

/** Accepts a code once. */
export async function useTotpCode(
  trx: TenantTransaction,
  secrets: SecretBox,
  of: { tenantId: TenantId; userId: UserId; code: string },
): Promise<boolean> {
  const row = await trx
    .selectFrom('totp_secrets')
    .select(['sealed', 'last_step'])
    .where('user_id', '=', of.userId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return false;
  const secret = secrets.open(row.sealed, totpContext(of.tenantId, of.userId));
  const step = totpStep(secret, of.code, Date.now(), row.last_step);
  if (step === undefined) return false;
  await trx.updateTable('totp_secrets').set({ last_step: step }).where('user_id', '=', of.userId).execute();
  return true;
}

/** After a rotation of the service's key: what was sealed with an older one is sealed with the current. */
export async function resealTotpSecrets(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
): Promise<void> {
  const rows = await trx.selectFrom('totp_secrets').select(['user_id', 'sealed']).forUpdate().execute();
  for (const { user_id, sealed } of rows) {
    if (secrets.isCurrent(sealed)) continue;
    const context = totpContext(tenantId, user_id as UserId);
    const anew = secrets.seal(secrets.open(sealed, context), context);
    await trx.updateTable('totp_secrets').set({ sealed: anew }).where('user_id', '=', user_id).execute();
  }
}

export async function useRecoveryCode(
  trx: TenantTransaction,
  of: { userId: UserId; code: string },
): Promise<boolean> {
  const used = await trx
    .updateTable('recovery_codes')
    .set({ used_at: Date.now() })
    .where('user_id', '=', of.userId)
    .where('code_hash', '=', hashRecoveryCode(of.userId, of.code))
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return used.numUpdatedRows === 1n;
}

/** New ones in place of all that were. */
export async function replaceRecoveryCodes(
  trx: TenantTransaction,
  { tenantId, userId }: { tenantId: TenantId; userId: UserId },
): Promise<string[]> {
  const codes = newRecoveryCodes();
  const now = Date.now();
  await trx.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  await trx
    .insertInto('recovery_codes')
    .values(
      codes.map((code) => ({
        tenant_id: tenantId,
        user_id: userId,
        code_hash: hashRecoveryCode(userId, code),
        created_at: now,
        used_at: null,
      })),
    )
    .execute();
  return codes;
}
