import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { requireSeat } from '../subscription/seats.ts';
import { changeUsers } from './change.ts';
import { createUsers } from './create.ts';
import { removeUsers, restoreUsers, setUsersDisabled } from './leaving.ts';
import {
  isRefused,
  type Changed,
  type Created,
  type NewUserRow,
  type UserChangeOf,
  type UserChangeRow,
  type WriterParts,
} from './rows.ts';

import { finishWork } from './work.ts';

/**
 * The one way in which people and their lines are written: by the portal, imports, the provisioning API, SCIM, single sign-on, files and the
 * command line. It keeps what must hold whoever writes: addresses and numbers are one person's, seats suffice, a tenant keeps an
 * administrator, who may no longer is signed out, connectors hear of their lines, and each act is in the audit log.
 *
 * All of it happens in the transaction of the caller, who ends with `finish` (or has {@link writeUsers} do so). What is thrown must end the
 * transaction. People of one tenant are written by one transaction at a time, from the first call on.
 */
export type UserWriter = {
  /** @throws OffhookError `email_taken`, `number_taken`, `seats_exhausted`, `not_found` (connector), `bad_request` (`line.password` is missing) */
  create: (trx: TenantTransaction, tenantId: TenantId, actor: Actor, user: NewUserRow) => Promise<UserId>;
  /**
   * Many at once, in a few statements: each is created, or refused for itself, in the order given. Batches of some thousands are quick.
   * @throws OffhookError `seats_exhausted`: for all
   */
  createMany: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    users: readonly NewUserRow[],
  ) => Promise<Created[]>;
  /** @throws OffhookError as `create`, `not_found` (user), `conflict` (deleted), `last_administrator` */
  change: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userId: UserId,
    change: UserChangeRow,
  ) => Promise<'changed' | 'unchanged'>;
  /**
   * Many at once; two of a batch may change numbers with each other.
   * @throws OffhookError `seats_exhausted`, `last_administrator`: for all; also `email_taken` where another tenant was quicker
   */
  changeMany: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    changes: readonly UserChangeOf[],
  ) => Promise<Changed[]>;
  /**
   * Let somebody in no more, or again. Disabling ends the sessions at once and takes the line from the connector's configuration; what the
   * person had stays. @returns whether anything changed
   * @throws OffhookError `not_found`, `conflict` (deleted), `last_administrator`, `seats_exhausted`
   */
  setDisabled: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userId: UserId,
    disabled: boolean,
  ) => Promise<boolean>;
  /** @returns those that changed */
  setDisabledMany: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userIds: readonly UserId[],
    disabled: boolean,
  ) => Promise<UserId[]>;
  /**
   * Begin the grace period: signed out, without a line, links of no use. Until its end it can be taken back.
   * @throws OffhookError `not_found`, `last_administrator`
   */
  remove: (trx: TenantTransaction, tenantId: TenantId, actor: Actor, userId: UserId) => Promise<boolean>;
  removeMany: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userIds: readonly UserId[],
  ) => Promise<UserId[]>;
  /**
   * Take a deletion back. The line comes back where nobody has its numbers meanwhile.
   * @throws OffhookError `not_found`, `undo_expired`, `seats_exhausted`
   */
  restore: (trx: TenantTransaction, tenantId: TenantId, actor: Actor, userId: UserId) => Promise<boolean>;
  restoreMany: (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userIds: readonly UserId[],
  ) => Promise<UserId[]>;
  /**
   * Raises `config_revision` of the touched connectors once and notifies; at the end of the transaction.
   * @throws OffhookError `number_taken`
   */
  finish: (trx: TenantTransaction, tenantId: TenantId) => Promise<void>;
};

/** @param parts `requireSeats` absent: as the tenant has subscribed */
export function createUserWriter(parts: Pick<WriterParts, 'secrets'> & Partial<WriterParts>): UserWriter {
  const all: WriterParts = { now: Date.now, requireSeats: requireSeat, ...parts };
  const writer: UserWriter = {
    create: async (trx, tenantId, actor, user) => {
      const [created] = await createUsers(all, trx, tenantId, actor, [user]);
      if (created === undefined || isRefused(created)) throw refusal(created);
      return created.userId;
    },
    createMany: (trx, tenantId, actor, users) => createUsers(all, trx, tenantId, actor, users),
    change: async (trx, tenantId, actor, userId, change) => {
      const [changed] = await changeUsers(all, trx, tenantId, actor, [{ userId, change }]);
      if (changed === undefined || isRefused(changed)) throw refusal(changed);
      return changed;
    },
    changeMany: (trx, tenantId, actor, changes) => changeUsers(all, trx, tenantId, actor, changes),
    setDisabled: async (trx, tenantId, actor, userId, disabled) =>
      (await setUsersDisabled(all, trx, tenantId, actor, [userId], disabled)).length > 0,
    setDisabledMany: (trx, tenantId, actor, userIds, disabled) =>
      setUsersDisabled(all, trx, tenantId, actor, userIds, disabled),
    remove: async (trx, tenantId, actor, userId) =>
      (await removeUsers(all, trx, tenantId, actor, [userId])).length > 0,
    removeMany: (trx, tenantId, actor, userIds) => removeUsers(all, trx, tenantId, actor, userIds),
    restore: async (trx, tenantId, actor, userId) =>
      (await restoreUsers(all, trx, tenantId, actor, [userId])).length > 0,
    restoreMany: (trx, tenantId, actor, userIds) => restoreUsers(all, trx, tenantId, actor, userIds),
    finish: finishWork,
  };
  return writer;
}

function refusal(outcome: Exclude<Created | Changed, string> | undefined): OffhookError {
  if (outcome === undefined || !isRefused(outcome)) return new OffhookError('internal');
  const { refused, fields } = outcome;
  return new OffhookError(refused, fields === undefined ? {} : { fields });
}

/** A transaction that writes people, and tells of it at its end. */
export const writeUsers = <T>(
  database: Database,
  writer: UserWriter,
  tenantId: TenantId,
  work: (trx: TenantTransaction) => Promise<T>,
): Promise<T> =>
  database.inTenant(tenantId, async (trx) => {
    const result = await work(trx);
    await writer.finish(trx, tenantId);
    return result;
  });
