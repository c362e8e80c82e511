import {
  Limits,
  OffhookError,
  PbxConfig,
  type ConnectorId,
  type LineConfig,
  type LinkMethod,
  type linkMethods,
  type Result,
  type TenantId,
} from '@offhook/contract';
import { PAGE_BYTES } from '../wire/pages.ts';
import { joinSecrets, pbxContext } from '../secrets/pbx-secrets.ts';
import { lineContext, type SecretBox } from '../secrets/secret-box.ts';
import type { LinkStore } from './store.ts';

type Page = Result<typeof linkMethods, Extract<LinkMethod, 'config.get'>>;

/**
 * One page of a connector's configuration. Passwords are opened here, on their way to the link.
 * @throws OffhookError `not_found` when no PBX has been configured
 */
export async function configPage(
  store: LinkStore,
  secrets: SecretBox,
  { tenantId, connectorId }: { tenantId: TenantId; connectorId: ConnectorId },
  cursor: string | undefined,
): Promise<Page> {
  const limit = Limits.configLinesPerPage;
  const { revision, pbx, lines } = await store.configPage(tenantId, connectorId, limit + 1, cursor);
  if (pbx === undefined) {
    throw new OffhookError('not_found', { message: 'No PBX has been configured for this connector yet.' });
  }
  const whole = joinSecrets(secrets, pbx.config, pbx.secrets, pbxContext(tenantId, connectorId));
  const page: Page = { revision, pbx: PbxConfig.parse(whole), lines: [] };
  let bytes = 0;
  for (const { sealedPassword, ...line } of lines) {
    const password = secrets.open(sealedPassword, lineContext(tenantId, line.lineId));
    const full: LineConfig = { ...line, password };
    bytes += Buffer.byteLength(JSON.stringify(full));
    const last = page.lines.at(-1);
    if (last !== undefined && (page.lines.length >= limit || bytes > PAGE_BYTES)) {
      return { ...page, next: last.lineId };
    }
    page.lines.push(full);
  }
  return page;
}
