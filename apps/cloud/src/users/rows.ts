import type { ConnectorId, ErrorCode, Language, TenantId, UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** Who wrote a user: the owner of what they wrote. */
export type UserSource = 'portal' | 'import' | 'provisioning' | 'scim' | 'sso' | 'file';
export type StoredRole = 'user' | 'admin' | 'provider';

/**
 * A line as it is written. Of the optional fields `undefined` leaves what is there, and `null` takes it away: `authUser` is the number then,
 * `displayName` the person's name. `password` cannot be taken away.
 */
export type LineRow = {
  connectorId: ConnectorId;
  number: string;
  mainNumber?: string | null | undefined;
  shortNumber?: string | null | undefined;
  callerId?: string | null | undefined;
  authUser?: string | null | undefined;
  displayName?: string | null | undefined;
  deskPhone?: string | null | undefined;
  /** Kept with the user's telephone settings: people may change it themselves. */
  alternativeNumber?: string | null | undefined;
  voicemailNumber?: string | null | undefined;
  password?: string | undefined;
};

export type NewUserRow = {
  /** In lower case. */
  email: string;
  name: string;
  role?: StoredRole | undefined;
  /** The tenant's where absent. */
  language?: Language | undefined;
  source: UserSource;
  passwordHash?: string | undefined;
  /** Of somebody who needs no invitation, the instant; absent: invited at most. */
  activatedAt?: number | undefined;
  line?: LineRow | undefined;
};

export type UserChangeRow = {
  email?: string | undefined;
  name?: string | undefined;
  role?: StoredRole | undefined;
  language?: Language | undefined;
  source?: UserSource | undefined;
  /** Ends the person's sessions. */
  passwordHash?: string | undefined;
  /** `null` takes the line away. */
  line?: LineRow | null | undefined;
};

export type UserChangeOf = { userId: UserId; change: UserChangeRow };

/** Why one of many was not written; the others were. `fields` name what is wrong with it. */
export type Refused = { refused: ErrorCode; fields?: string[] | undefined };
export type Created = { userId: UserId } | Refused;
export type Changed = 'changed' | 'unchanged' | Refused;

export const isRefused = (outcome: object | string): outcome is Refused =>
  typeof outcome === 'object' && 'refused' in outcome;

/**
 * Is there room for so many more seats? A seat is a user with a line, neither disabled nor deleted.
 * @throws OffhookError `seats_exhausted`
 */
export type RequireSeats = (trx: TenantTransaction, tenantId: TenantId, howMany: number) => Promise<void>;

export type WriterParts = {
  secrets: SecretBox;
  requireSeats: RequireSeats;
  /** Milliseconds since the epoch. */
  now: () => number;
};
