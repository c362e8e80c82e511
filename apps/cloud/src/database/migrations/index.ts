import * as tenants from './0001-tenants.ts';

/** In the order in which they are applied. A migration that has been released is never edited. */
export const migrations: readonly { name: string; up: string }[] = [tenants];
