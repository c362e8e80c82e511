import {
  OffhookError,
  type CallRating,
  type QualityReport,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

export type QualityStore = ReturnType<typeof createQualityStore>;

/** Nobody is asked more often than this, on whatever device. */
const ASK_EVERY = 24 * 3_600_000;

export function createQualityStore(database: Database, now: () => number = Date.now) {
  return {
    /**
     * Keep a report, once. Whether the person is asked now what they think of the call is decided with it, so that of two windows one asks; told
     * again, the answer is the same.
     */
    report: (tenantId: TenantId, userId: UserId, report: QualityReport): Promise<{ ask: boolean }> =>
      database.inTenant(tenantId, async (trx) => {
        const at = now();
        await trx
          .insertInto('call_quality')
          .values({
            tenant_id: tenantId,
            report_id: report.reportId,
            user_id: userId,
            call_id: report.callId,
            // A clock that is ahead would keep it for longer than the tenant wants.
            ended_at: Math.min(report.endedAt, at),
            summary: JSON.stringify(report.summary),
            asked_at: null,
            rated_at: null,
            stars: null,
          })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'report_id']).doNothing())
          .execute();
        if (!report.wouldAsk) return { ask: false };
        // One decision at a time for each person.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`ask ${tenantId} ${userId}`}, 0))`.execute(
          trx,
        );
        const last = await trx
          .selectFrom('call_quality')
          .select('report_id')
          .where('user_id', '=', userId)
          .where('asked_at', '>', at - ASK_EVERY)
          .executeTakeFirst();
        if (last !== undefined) return { ask: last.report_id === report.reportId };
        const { numUpdatedRows } = await trx
          .updateTable('call_quality')
          .set({ asked_at: at })
          .where('report_id', '=', report.reportId)
          .where('user_id', '=', userId)
          .executeTakeFirst();
        return { ask: numUpdatedRows > 0n };
      }),

    /** @throws OffhookError `not_found` where there is no such report of this person */
    rate: (tenantId: TenantId, userId: UserId, rating: CallRating): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('call_quality')
          .set({ stars: rating.stars, reasons: [...new Set(rating.reasons)], rated_at: now() })
          .where('report_id', '=', rating.reportId)
          .where('user_id', '=', userId)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new OffhookError('not_found');
      }),
  };
}
