import * as tenants from './0001-tenants.ts';
import * as disabledUsers from './0002-disabled-users.ts';
import * as linePlaces from './0003-line-places.ts';
import * as telephone from './0004-telephone.ts';
import * as presence from './0005-presence.ts';
import * as accounts from './0006-accounts.ts';
import * as secondFactor from './0007-second-factor.ts';
import * as sso from './0008-sso.ts';
import * as connectors from './0009-connectors.ts';
import * as imports from './0010-imports.ts';
import * as subscription from './0011-subscription.ts';
import * as scim from './0012-scim.ts';
import * as users from './0013-users.ts';
import * as privacy from './0014-privacy.ts';
import * as providerCounts from './0015-provider-counts.ts';
import * as mailUpkeep from './0016-mail-upkeep.ts';
import * as usage from './0020-usage.ts';
import * as auditLog from './0021-audit-log.ts';
import * as ssoProof from './0023-sso-proof.ts';
import * as people from './0024-people.ts';
import * as favourites from './0030-favourites.ts';
import * as history from './0031-history.ts';
import * as push from './0032-push.ts';
import * as callQuality from './0033-call-quality.ts';
import * as foundByPerson from './0034-found-by-person.ts';

/** In the order in which they are applied. A migration that has been released is never edited. */
export const migrations: readonly { name: string; up: string }[] = [
  tenants,
  disabledUsers,
  linePlaces,
  telephone,
  presence,
  accounts,
  secondFactor,
  sso,
  connectors,
  imports,
  subscription,
  scim,
  users,
  privacy,
  providerCounts,
  mailUpkeep,
  usage,
  auditLog,
  ssoProof,
  people,
  favourites,
  history,
  push,
  callQuality,
  foundByPerson,
];
