/** Tables of this feature, as Kysely sees them. */
export type SubscriptionTables = {
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
