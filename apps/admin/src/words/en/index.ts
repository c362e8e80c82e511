import { errorKeys, errorWords } from '@offhook/words';
import { account } from './account.ts';
import { administrators } from './administrators.ts';
import { audit } from './audit.ts';
import { connectors } from './connectors.ts';
import { imports } from './imports.ts';
import { overview } from './overview.ts';
import { settings } from './settings.ts';
import { shared } from './shared.ts';
import { shell } from './shell.ts';
import { sso } from './sso.ts';
import { team } from './team.ts';
import { tenants } from './tenants.ts';
import { usage } from './usage.ts';
import { users } from './users.ts';

/** The English words, one file for each feature. Every other language has exactly these keys: a missing one does not compile. */
export const en = {
  ...account,
  ...administrators,
  ...audit,
  ...connectors,
  ...imports,
  ...overview,
  ...settings,
  ...shared,
  ...shell,
  ...sso,
  ...team,
  ...tenants,
  ...usage,
  ...users,
  ...errorKeys(errorWords.en),
};
