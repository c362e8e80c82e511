import { randomBytes } from 'node:crypto';
import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Database, TenantTransaction } from '../../database/database.ts';
import { newId } from '../../ids.ts';
import { hashToken } from '../../secrets/tokens.ts';

/**
 * Passkeys (WebAuthn Level 3). A registration proves presence and verification of the user and is kept without attestation: what matters is that the same key comes
 * back, not who made the device.
 */
export type RelyingParty = { id: string; name: string; origins: string[] };

/**
 * Where people open the product; without a public address, the host that the browser asked.
 * @throws OffhookError `bad_request` for a host that is none
 */
export function relyingParty(publicOrigin: string | undefined, host: string): RelyingParty {
  const origins = publicOrigin === undefined ? [`http://${host}`, `https://${host}`] : [publicOrigin];
  const address = publicOrigin ?? `http://${host}`;
  if (!URL.canParse(address)) throw new OffhookError('bad_request');
  return { id: new URL(address).hostname, name: 'Offhook', origins };
}

/** 256 bits, as WebAuthn 13.4.3 asks for at least 128. */
export const newChallenge = (): string => randomBytes(32).toString('base64url');

/** COSE: EdDSA, ES256, RS256. Named, for the library would else try out what this runtime has beyond them. */
const ALGORITHMS = [-8, -7, -257];

const chars = (max: number) => z.string().max(max);
const credential = { id: chars(1_400), rawId: chars(1_400), type: z.literal('public-key') };

/** As `PublicKeyCredential.toJSON()` writes it; what is not used is left out. */
export const RegistrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: chars(4_000),
    attestationObject: chars(20_000),
    transports: z.array(chars(30)).max(10).optional(),
  }),
});
export type RegistrationResponse = z.infer<typeof RegistrationResponse>;
export const AuthenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: chars(4_000),
    authenticatorData: chars(4_000),
    signature: chars(4_000),
    userHandle: chars(200).nullish(),
  }),
});
export type AuthenticationResponse = z.infer<typeof AuthenticationResponse>;

/** What the authenticator keeps with the key and hands back: WebAuthn asks for at most 64 bytes without a person's data. */
const handleOf = (userId: UserId) => Buffer.from(userId);

export const registrationOptions = (
  party: RelyingParty,
  of: { userId: UserId; email: string; name: string; challenge: string; existing: string[] },
) =>
  generateRegistrationOptions({
    rpID: party.id,
    rpName: party.name,
    userID: new Uint8Array(handleOf(of.userId)),
    userName: of.email,
    userDisplayName: of.name,
    challenge: new Uint8Array(Buffer.from(of.challenge, 'base64url')),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: of.existing.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });

/**
 * @param allowed the user's keys; absent: any key that the authenticator has for us
 * @param verification what is asked of the device: `preferred` beside a password alone
 */
export const authenticationOptions = (
  party: RelyingParty,
  challenge: string,
  allowed?: { credentialId: string; transports: string[] }[],
  verification: 'required' | 'preferred' = allowed === undefined ? 'required' : 'preferred',
) =>
  generateAuthenticationOptions({
    rpID: party.id,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    userVerification: verification,
    ...(allowed === undefined
      ? {}
      : {
          allowCredentials: allowed.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
        }),
  });

/** A key as its device has made it. */
export type Credential = WebAuthnCredential;

/** The new key, or undefined where the answer is not to this challenge, from another site, or not verified. */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  response: RegistrationResponse,
): Promise<WebAuthnCredential | undefined> {
  const answer: RegistrationResponseJSON = {
    ...response,
    response: {
      clientDataJSON: response.response.clientDataJSON,
      attestationObject: response.response.attestationObject,
      ...(response.response.transports === undefined ? {} : { transports: response.response.transports }),
    },
    clientExtensionResults: {},
  };
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return verified ? registrationInfo.credential : undefined;
  } catch {
    // The library throws for whatever it does not like in somebody's input.
    return undefined;
  }
}

/** @returns false where somebody has this key already */
export async function keepPasskey(
  trx: TenantTransaction,
  of: { tenantId: TenantId; userId: UserId; name: string; credential: Credential },
): Promise<boolean> {
  const { credential } = of;
  const inserted = await trx
    .insertInto('passkeys')
    .values({
      tenant_id: of.tenantId,
      user_id: of.userId,
      passkey_id: newId('pky'),
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey),
      sign_count: credential.counter,
      transports: credential.transports ?? [],
      name: of.name,
      created_at: Date.now(),
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** Of whom a key is, before the tenant is known. */
export async function ownerOfPasskey(
  database: Database,
  credentialId: string,
): Promise<{ tenantId: TenantId; userId: UserId } | undefined> {
  return database.beforeTenant(async (trx) => {
    const { rows } = await sql<{ tenantId: TenantId; userId: UserId }>`
      SELECT tenant_id AS "tenantId", user_id AS "userId" FROM lookup_passkey(${credentialId})`.execute(trx);
    return rows[0];
  });
}

/**
 * Is this the answer of one of the user's keys to this challenge? The key's counter is kept, so that a copy of it that lags behind is refused.
 * @param verified that the authenticator has checked who holds it, by finger, face or PIN
 */
export async function useAssertion(
  trx: TenantTransaction,
  party: RelyingParty,
  of: { userId: UserId; challenge: string; response: AuthenticationResponse; verified: boolean },
): Promise<boolean> {
  const { response, userId } = of;
  const key = await trx
    .selectFrom('passkeys')
    .select(['passkey_id', 'public_key', 'sign_count'])
    .where('credential_id', '=', response.id)
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (key === undefined) return false;
  const { userHandle, ...signed } = response.response;
  const isHandleOfAnother =
    typeof userHandle === 'string' &&
    userHandle !== '' &&
    !Buffer.from(userHandle, 'base64url').equals(handleOf(userId));
  if (isHandleOfAnother) return false;
  const answer: AuthenticationResponseJSON = { ...response, response: signed, clientExtensionResults: {} };
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: of.challenge,
      expectedOrigin: party.origins,
      expectedRPID: party.id,
      requireUserVerification: of.verified,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(key.public_key),
        counter: key.sign_count,
      },
    });
    if (!verified) return false;
    await trx
      .updateTable('passkeys')
      .set({ sign_count: authenticationInfo.newCounter, last_used_at: Date.now() })
      .where('passkey_id', '=', key.passkey_id)
      .execute();
    return true;
  } catch {
    return false;
  }
}

/** @returns false where this challenge has been answered before */
export async function spendChallenge(
  trx: TenantTransaction,
  of: { tenantId: TenantId; challenge: string; expiresAt: number },
): Promise<boolean> {
  const spent = await trx
    .insertInto('spent_challenges')
    .values({
      tenant_id: of.tenantId,
      challenge_hash: hashToken(of.challenge),
      expires_at: of.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return spent.numInsertedOrUpdatedRows === 1n;
}
