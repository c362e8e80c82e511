import type { Generated, JSONColumnType } from 'kysely';

/** How calls sounded: `migrations/0033-call-quality.ts`. */
export type QualityTables = {
  call_quality: {
    tenant_id: string;
    report_id: string;
    user_id: string;
    call_id: string;
    ended_at: number;
    summary: JSONColumnType<object>;
    asked_at: number | null;
    rated_at: number | null;
    stars: number | null;
    reasons: Generated<string[]>;
  };
};
