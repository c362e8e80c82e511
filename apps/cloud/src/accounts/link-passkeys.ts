import { OffhookError, type AcceptLink, type PasskeyChallenge, type UserId } from '@offhook/contract';
import * as z from 'zod';
import type { TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import {
  keepPasskey,
  newChallenge,
  registrationOptions,
  RegistrationResponse,
  relyingParty,
  verifyRegistration,
  type Credential,
} from '../sign-in/second-factor/passkeys.ts';
import { TICKET_LIFETIME } from '../sign-in/second-factor/tickets.ts';
import type { OpenLink } from './links.ts';

/**
 * What is remembered between the offer and its answer, sealed into the ticket: nothing is stored until a key is. It is good for one link, which is
 * used up together with the key that is kept: so the challenge is answered once.
 */
const Offer = z.object({
  challenge: z.string(),
  linkId: z.string(),
  /** Whose key it will be: the device keeps it with the key. Of the first provider there is no account yet. */
  userId: z.string(),
  expiresAt: z.number(),
});
const OFFER = 'passkey of a link';

/** A key that a device has made for the person of a link, not kept yet. */
export type LinkPasskey = { userId: UserId; name: string; credential: Credential };

/**
 * Whoever comes in for the first time may make a passkey in place of a password. Who has been in before has their ways, and a mailbox alone must not
 * add another.
 * @throws OffhookError `conflict`
 */
export function requireFirstTime({ kind, user }: OpenLink): void {
  if (kind === 'password_reset' || user?.isActivated === true) throw new OffhookError('conflict');
}

/** @param host as the browser named it, with its port */
export async function offerPasskey(
  { secrets, publicOrigin }: { secrets: SecretBox; publicOrigin: string | undefined },
  link: OpenLink,
  owner: { email: string; name: string },
  host: string,
): Promise<PasskeyChallenge> {
  requireFirstTime(link);
  const challenge = newChallenge();
  const userId = link.user?.userId ?? (newId('usr') as UserId);
  const { linkId } = link;
  const offer = { challenge, linkId, userId, expiresAt: Date.now() + TICKET_LIFETIME };
  return {
    ticket: secrets.seal(JSON.stringify(offer), OFFER).toString('base64url'),
    options: await registrationOptions(relyingParty(publicOrigin, host), {
      userId,
      email: owner.email,
      name: owner.name,
      challenge,
      existing: [],
    }),
  };
}

/** @throws OffhookError `conflict`, `ticket_expired`, `bad_request` (`body.passkey.response`) */
export async function readLinkPasskey(
  { secrets, publicOrigin }: { secrets: SecretBox; publicOrigin: string | undefined },
  link: OpenLink,
  { ticket, name, response }: NonNullable<AcceptLink['passkey']> & { name: string },
  host: string,
): Promise<LinkPasskey> {
  requireFirstTime(link);
  const offer = openOffer(secrets, ticket);
  if (offer === undefined || offer.linkId !== link.linkId || offer.expiresAt <= Date.now()) {
    throw new OffhookError('ticket_expired');
  }
  const answer = RegistrationResponse.safeParse(response);
  const party = relyingParty(publicOrigin, host);
  const credential = answer.success
    ? await verifyRegistration(party, offer.challenge, answer.data)
    : undefined;
  if (credential === undefined) throw new OffhookError('bad_request', { fields: ['body.passkey.response'] });
  return { userId: offer.userId as UserId, name, credential };
}

/** In the transaction that uses the link up. @throws OffhookError `conflict`: the key is known already */
export async function keepLinkPasskey(
  trx: TenantTransaction,
  { tenantId }: OpenLink,
  { userId, name, credential }: LinkPasskey,
): Promise<void> {
  if (!(await keepPasskey(trx, { tenantId, userId, name, credential }))) throw new OffhookError('conflict');
}

function openOffer(secrets: SecretBox, ticket: string): z.infer<typeof Offer> | undefined {
  try {
    return Offer.parse(JSON.parse(secrets.open(Buffer.from(ticket, 'base64url'), OFFER)));
  } catch {
    return undefined;
  }
}
