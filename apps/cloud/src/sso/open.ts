import type { Database } from '../database/database.ts';
import type { App } from '../http/app.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { Sessions } from '../sign-in/sessions.ts';
import type { UserWriter } from '../users/writer.ts';
import { expireSso } from './connections.ts';
import { systemResolver, type ResolveTxt } from './dns.ts';
import { createDomains } from './domains.ts';
import { createFlow } from './flow.ts';
import { createOidc } from './oidc.ts';
import { createOutbound } from './outbound.ts';
import { ssoRoutes } from './routes.ts';
import { createSettings } from './settings.ts';

export type SsoOptions = {
  database: Database;
  secrets: SecretBox;
  sessions: Sessions;
  writer: UserWriter;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  publicOrigin: string | undefined;
  allowPrivate: boolean;
  /** Absent: the system's resolver. */
  resolveTxt?: ResolveTxt | undefined;
};

const EXPIRE_EVERY = 10 * 60_000;

/** Single sign-on: its routes, and the removal of what is over. @returns ends it */
export async function openSso(app: App, options: SsoOptions): Promise<() => void> {
  const { database, secrets, sessions, log, publicOrigin, allowPrivate } = options;
  const outbound = createOutbound({ allowPrivate });
  const settings = createSettings({ database, secrets, outbound });
  const flow = createFlow({ ...options, oidc: createOidc(outbound) });
  const domains = createDomains({ database, resolve: options.resolveTxt ?? systemResolver });
  await ssoRoutes(app, { database, settings, domains, flow, sessions, publicOrigin });
  const expiring = setInterval(() => {
    expireSso(database, Date.now()).catch((err: unknown) => log.warn({ err }, 'old sign-ins not removed'));
  }, EXPIRE_EVERY);
  return () => clearInterval(expiring);
}
