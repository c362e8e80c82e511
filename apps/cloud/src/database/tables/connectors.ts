import type { JSONColumnType } from 'kysely';

/** Tables of this feature, as Kysely sees them. */
export type ConnectorTables = {
  connector_states: {
    tenant_id: string;
    connector_id: string;
    online: boolean;
    link_since: number;
    seen_at: number;
    facts: JSONColumnType<object>;
  };
  connector_hours: {
    tenant_id: string;
    connector_id: string;
    hour: number;
    lines: number;
    registered: number;
    calls: number;
  };
  connector_findings: { tenant_id: string; connector_id: string; finding: string; found_at: number };
};
