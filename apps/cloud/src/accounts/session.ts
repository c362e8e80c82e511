import type { SignInResult } from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/database.ts';
import { whereFrom, type Sessions } from '../sign-in/sessions.ts';
import type { Accepted } from './accept.ts';

/** Signs in whoever has followed a link; who has a second factor is asked for it, for a mailbox is only one. */
export const enterByLink =
  (database: Database, sessions: Sessions) =>
  async (request: FastifyRequest, reply: FastifyReply, who: Accepted): Promise<SignInResult> => {
    const { tenantId, userId } = who;
    const begun = await database.inTenant(tenantId, (trx) =>
      sessions.begin(trx, { ...whereFrom(request), tenantId, userId, method: 'link' }),
    );
    return sessions.answer(request, reply, begun);
  };
