import { errorKeys, errorWords } from '@offhook/words';
import type { Words } from '../keys.ts';
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

export const de: Words = {
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
  ...errorKeys(errorWords.de),
};
