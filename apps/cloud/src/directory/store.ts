import type { ConnectorId, Country, TenantId, TenantStatus, UserId } from '@offhook/contract';
import { countryOfTimeZone } from './country.ts';
import { PbxConfig } from '@offhook/contract';
import type { Database } from '../database/database.ts';
import type { DirectoryUser } from './search.ts';

export type DirectoryRows = {
  status: TenantStatus;
  country: Country;
  users: DirectoryUser[];
  /** Of each connector that has a configuration. */
  emergencyNumbers: Map<ConnectorId, string[]>;
};
export type DirectoryStore = { read(tenantId: TenantId): Promise<DirectoryRows> };

/** Of a person, that colleagues are told: a directory may keep dozens that say nothing to people. */
const GROUPS = 5;

/** A configuration without them, or with ones that cannot be read, has those that the contract names. */
const EmergencyNumbers = PbxConfig.pick({ emergencyNumbers: true }).catch(
  PbxConfig.pick({ emergencyNumbers: true }).parse({}),
);

export function createDirectoryStore(database: Database): DirectoryStore {
  return {
    read: (tenantId) =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('users')
          .leftJoin('lines', (join) =>
            join
              .onRef('lines.tenant_id', '=', 'users.tenant_id')
              .onRef('lines.user_id', '=', 'users.user_id'),
          )
          .where('users.disabled_at', 'is', null)
          .select([
            'users.user_id',
            'users.name',
            'users.email',
            'lines.number',
            'lines.main_number',
            'lines.desk_phone',
            'lines.short_number',
            'lines.connector_id',
          ])
          .orderBy('users.name')
          // Namesakes come in one order at every node: parts are named by what is in them.
          .orderBy('users.user_id')
          .execute();
        // A tenant that is gone has nobody, and lets nobody in.
        const tenant = await trx
          .selectFrom('tenants')
          .select(['status', 'country', 'time_zone'])
          .executeTakeFirst();
        const configs = await trx.selectFrom('pbx_configs').select(['connector_id', 'config']).execute();
        const members = await trx
          .selectFrom('scim_members')
          .innerJoin('scim_groups', (join) =>
            join
              .onRef('scim_groups.tenant_id', '=', 'scim_members.tenant_id')
              .onRef('scim_groups.group_id', '=', 'scim_members.group_id'),
          )
          .select(['scim_members.user_id', 'scim_groups.display_name'])
          .orderBy('scim_groups.display_name')
          .execute();
        const groups = Map.groupBy(members, (member) => member.user_id);
        const users = rows.map((row) => ({
          userId: row.user_id as UserId,
          name: row.name,
          email: row.email,
          number: row.main_number ?? row.number ?? undefined,
          shortNumber: row.short_number ?? undefined,
          devices: [row.number, row.desk_phone].filter((number) => number !== null),
          connectorId: (row.connector_id ?? undefined) as ConnectorId | undefined,
          groups: (groups.get(row.user_id) ?? []).slice(0, GROUPS).map((group) => group.display_name),
        }));
        const emergencyNumbers = new Map(
          configs.map(({ connector_id, config }) => [
            connector_id as ConnectorId,
            EmergencyNumbers.parse(config).emergencyNumbers,
          ]),
        );
        return {
          status: tenant?.status ?? 'deleting',
          country: tenant?.country ?? countryOfTimeZone(tenant?.time_zone ?? ''),
          users,
          emergencyNumbers,
        };
      }),
  };
}
