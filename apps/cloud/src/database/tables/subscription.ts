import type { Generated } from 'kysely';

/** Tables of this feature, as Kysely sees them. */
export type SubscriptionTables = {
  /** Who had a seat from when to when; written by triggers on lines and users. */
  seat_spans: {
    tenant_id: string;
    span_id: Generated<number>;
    user_id: string;
    taken_at: number;
    freed_at: number | null;
  };
  /** Days that are over. The day reads as text: `day::text`. */
  seat_days: { tenant_id: string; day: string; used: number };
  /** Months that are over, with all that is needed to bill them. */
  usage_months: {
    tenant_id: string;
    month: string;
    tenant_name: string;
    platform: SubscriptionTables['subscriptions']['platform'];
    time_zone: string;
    seats: number;
    user_days: number;
    days_in_month: number;
    price_amount: number;
    currency: string;
    closed_at: number;
  };
  subscriptions: {
    tenant_id: string;
    platform: 'generic-sip' | 'openscape-voice' | 'openscape-4000' | 'openscape-business';
    seats: number;
    /** Per user and month, in the currency's smallest unit. */
    price_amount: number;
    currency: string;
    /** `2026-11-24`, in the tenant's time zone. */
    starts_on: string;
  };
};
