import * as tenants from './0001-tenants.ts';
import * as disabledUsers from './0002-disabled-users.ts';
import * as linePlaces from './0003-line-places.ts';
import * as telephone from './0004-telephone.ts';
import * as presence from './0005-presence.ts';
import * as accounts from './0006-accounts.ts';
import * as secondFactor from './0007-second-factor.ts';
import * as connectors from './0009-connectors.ts';

/** In the order in which they are applied. A migration that has been released is never edited. */
export const migrations: readonly { name: string; up: string }[] = [
  tenants,
  disabledUsers,
  linePlaces,
  telephone,
  presence,
  accounts,
  secondFactor,
  connectors,
];
