import { createHash } from 'node:crypto';
import type { SsoFault, SsoTest, TenantId } from '@offhook/contract';
import * as z from 'zod';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { hashToken, newToken } from '../secrets/tokens.ts';
import type { SsoProblem } from './fault.ts';

/** From the start at this service until the browser is back. */
export const ATTEMPT_LIFETIME = 10 * 60_000;

/** What is kept of a browser that is on its way, sealed. */
export const Kept = z.object({
  /** Where people came from, and come back to: `https://phone.example.com`. */
  origin: z.string(),
  returnTo: z.string(),
  /** Of the settings with which it began. */
  settingsHash: z.string(),
  oidc: z.object({ verifier: z.string(), nonce: z.string() }).optional(),
  samlRequestId: z.string().optional(),
  /** Of SAML: who came, and for what: the rest happens when the browser has proved that it began. */
  who: z.object({ email: z.string(), name: z.string() }).optional(),
});
export type Kept = z.infer<typeof Kept>;

export type Attempt = { stateHash: Buffer; testId: string | undefined; answered: boolean; kept: Kept };

/** What is remembered of an attempt is bound to it. */
export const attemptContext = (tenantId: TenantId, stateHash: Buffer) =>
  `sso attempt\n${tenantId}\n${stateHash.toString('hex')}`;

/** A cookie of its own for each attempt, so that two tabs do not get into each other's way. */
export const cookieNameOf = (state: string): string =>
  `offhook_sso_${hashToken(state).toString('hex').slice(0, 16)}`;

export const newAttempt = () => ({ state: newToken(), browser: newToken() });

export async function addAttempt(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
  {
    state,
    browser,
    testId,
    kept,
  }: { state: string; browser: string; testId: string | undefined; kept: Kept },
): Promise<void> {
  const stateHash = hashToken(state);
  await trx
    .insertInto('sso_attempts')
    .values({
      tenant_id: tenantId,
      state_hash: stateHash,
      browser_hash: hashToken(browser),
      test_id: testId ?? null,
      sealed: secrets.seal(JSON.stringify(kept), attemptContext(tenantId, stateHash)),
      expires_at: Date.now() + ATTEMPT_LIFETIME,
    })
    .execute();
}

/** The attempt to which a state belongs, locked until the end of the transaction; whose browser it is has to be asked. */
export async function findAttempt(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
  state: string,
): Promise<(Attempt & { isOf: (browser: string | undefined) => boolean }) | undefined> {
  const row = await trx
    .selectFrom('sso_attempts')
    .selectAll()
    .where('state_hash', '=', hashToken(state))
    .where('expires_at', '>', Date.now())
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const kept = Kept.parse(JSON.parse(secrets.open(row.sealed, attemptContext(tenantId, row.state_hash))));
  return {
    stateHash: row.state_hash,
    testId: row.test_id ?? undefined,
    answered: row.answered,
    kept,
    isOf: (browser) => browser !== undefined && hashToken(browser).equals(row.browser_hash),
  };
}

export async function removeAttempt(trx: TenantTransaction, { stateHash }: Attempt): Promise<void> {
  await trx.deleteFrom('sso_attempts').where('state_hash', '=', stateHash).execute();
}

/** A SAML response was accepted: who came waits for the browser. */
export async function answerAttempt(
  trx: TenantTransaction,
  secrets: SecretBox,
  tenantId: TenantId,
  { stateHash }: Attempt,
  kept: Kept,
): Promise<void> {
  await trx
    .updateTable('sso_attempts')
    .set({
      answered: true,
      sealed: secrets.seal(JSON.stringify(kept), attemptContext(tenantId, stateHash)),
    })
    .where('state_hash', '=', stateHash)
    .execute();
}

/** Remember an assertion until it ends. @returns false: it has been here before */
export async function rememberAssertion(
  trx: TenantTransaction,
  tenantId: TenantId,
  assertion: { issuer: string; assertionId: string; expiresAt: number },
): Promise<boolean> {
  const { issuer, assertionId, expiresAt } = assertion;
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('sso_assertions')
    .values({
      tenant_id: tenantId,
      assertion_hash: createHash('sha256')
        .update(JSON.stringify([issuer, assertionId]))
        .digest(),
      expires_at: expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function addTest(
  trx: TenantTransaction,
  tenantId: TenantId,
  settingsHash: Buffer,
): Promise<string> {
  const [testId, now] = [newId('sst'), Date.now()];
  await trx
    .insertInto('sso_tests')
    .values({
      tenant_id: tenantId,
      test_id: testId,
      state: 'waiting',
      settings_hash: settingsHash,
      created_at: now,
      expires_at: now + ATTEMPT_LIFETIME,
    })
    .execute();
  return testId;
}

export type StoredTest = Omit<SsoTest, 'startUrl'> & { settingsHash: Buffer };

export async function findTest(trx: TenantTransaction, testId: string): Promise<StoredTest | undefined> {
  const row = await trx
    .selectFrom('sso_tests')
    .selectAll()
    .where('test_id', '=', testId)
    .where('expires_at', '>', Date.now())
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    testId,
    state: row.state,
    settingsHash: row.settings_hash,
    ...(row.fault === null ? {} : { fault: row.fault as SsoFault }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.name === null ? {} : { name: row.name }),
  };
}

/** The first result stays. A pass is noted with the connection, if its settings are still those. */
export async function concludeTest(
  trx: TenantTransaction,
  testId: string,
  outcome: { passed: { email: string; name: string } } | { failed: SsoProblem; email?: string | undefined },
): Promise<void> {
  const result =
    'passed' in outcome
      ? { state: 'passed' as const, ...outcome.passed }
      : {
          state: 'failed' as const,
          fault: outcome.failed.fault,
          detail: outcome.failed.detail,
          email: outcome.email ?? null,
        };
  const concluded = await trx
    .updateTable('sso_tests')
    .set(result)
    .where('test_id', '=', testId)
    .where('state', '=', 'waiting')
    .returning('settings_hash')
    .executeTakeFirst();
  if (concluded === undefined || result.state !== 'passed') return;
  // What a connection was tested with is compared with what it is when it is read.
  await trx.updateTable('sso_connections').set({ tested: concluded.settings_hash }).execute();
}
