import type { SignInResult } from '@offhook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/database.ts';
import { whereFrom, type Begun, type Sessions } from '../sign-in/sessions.ts';
import type { Accepted } from './accept.ts';

/** Signs in whoever has followed a link; who has a second factor is asked for it, for a mailbox is only one. */
export const enterByLink =
  (database: Database, sessions: Sessions) =>
  async (request: FastifyRequest, reply: FastifyReply, who: Accepted): Promise<SignInResult> => {
    const { tenantId, userId, method } = who;
    const proved = { ...whereFrom(request), tenantId, userId };
    const begun = await database.inTenant(tenantId, async (trx): Promise<Begun> => {
      if (method === 'link') return sessions.begin(trx, { ...proved, method });
      // The mailbox, and a key whose device has verified who holds it.
      return {
        state: 'signed_in',
        opened: await sessions.open(trx, { ...proved, method, secondFactor: true }),
      };
    });
    return sessions.answer(request, reply, begun);
  };
