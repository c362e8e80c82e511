import {
  OffhookError,
  PbxConfig,
  type ConnectorId,
  type PbxChange,
  type PbxView,
  type TenantId,
} from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';
import { partSecrets, pbxContext, secretsOf } from '../secrets/pbx-secrets.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** A configuration as its row has it: passwords apart and sealed. */
export type StoredPbx = { config: object; secrets: Buffer | null };
type Place = { tenantId: TenantId; connectorId: ConnectorId };

/**
 * Write a connector's PBX configuration. Whoever calls this raises `config_revision` and tells of the change.
 * @returns whether anything is different now
 */
export async function writePbx(
  trx: TenantTransaction,
  box: SecretBox,
  { tenantId, connectorId }: Place,
  before: StoredPbx | undefined,
  pbx: PbxConfig,
): Promise<boolean> {
  const context = pbxContext(tenantId, connectorId);
  const { config, secrets } = partSecrets(pbx);
  const sealed = before?.secrets ?? null;
  const sameSecrets =
    sealed === null
      ? secrets === undefined
      : box.isCurrent(sealed) && secrets !== undefined && box.open(sealed, context) === secrets;
  if (sameSecrets && isSame(before?.config, config)) return false;
  const row = {
    config: JSON.stringify(config),
    secrets: secrets === undefined ? null : box.seal(secrets, context),
  };
  await trx
    .insertInto('pbx_configs')
    .values({ tenant_id: tenantId, connector_id: connectorId, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'connector_id']).doUpdateSet(row))
    .execute();
  return true;
}

/** The order of a JSON object's keys means nothing, and jsonb keeps its own. */
const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)))
    : value;
const isSame = (a: object | null | undefined, b: object) =>
  JSON.stringify(a ?? {}, sorted) === JSON.stringify(b, sorted);

/** As administrators read it: whether there are passwords, and none of them. */
export function viewPbx(box: SecretBox, place: Place, { config, secrets }: StoredPbx): PbxView {
  const { csta, trunk } = secretsOf(box, secrets, pbxContext(place.tenantId, place.connectorId));
  return {
    config: { ...config },
    hasCstaPassword: csta !== undefined,
    hasTrunkPassword: trunk !== undefined,
  };
}

/**
 * A change together with the passwords that it leaves as they are.
 * @throws OffhookError `bad_request` for a trunk that has never had a password
 */
export function mergePasswords(
  box: SecretBox,
  place: Place,
  before: StoredPbx | undefined,
  { csta, attachment, ...rest }: PbxChange,
): PbxConfig {
  const context = pbxContext(place.tenantId, place.connectorId);
  const kept = secretsOf(box, before?.secrets ?? null, context);
  if (attachment.by === 'trunk' && attachment.password === undefined && kept.trunk === undefined) {
    throw new OffhookError('bad_request', { fields: ['body.pbx.attachment.password'] });
  }
  const { password: cstaPassword = kept.csta, ...cstaRest } = csta ?? {};
  return PbxConfig.parse({
    ...rest,
    attachment: attachment.by === 'trunk' ? { password: kept.trunk, ...attachment } : attachment,
    ...(csta === undefined
      ? {}
      : {
          csta: {
            ...cstaRest,
            ...(cstaPassword === undefined || cstaPassword === '' ? {} : { password: cstaPassword }),
          },
        }),
  });
}
