import * as z from 'zod';

/** What a person may be. `provider`: works for whoever runs the service, and belongs to no customer's tenant. */
export const Role = z.enum(['user', 'admin', 'provider']);
export type Role = z.infer<typeof Role>;

/** What an API key may be used for. */
export const KeyScope = z.enum(['connector', 'provisioning', 'scim']);
export type KeyScope = z.infer<typeof KeyScope>;

/** Whom a permission may be granted to: a role of people, or a machine by what its key is for. */
export type Grantee = Role | `machine:${KeyScope}`;

/**
 * The one table of permissions: what may be done, and by whom. Each HTTP route names one of these or `anyone`, each socket is one; the generated walk
 * (`apps/cloud/src/testing`) tries each route as everybody else.
 */
export const permissions = {
  /** The own account: password, second factor, passkeys, sessions, language. */
  'account.own': ['user', 'admin', 'provider'],
  'history.own': ['user', 'admin'],
  /** How own calls sounded, and what one thinks of it. */
  'quality.own': ['user', 'admin'],
  /** The own log bundle, to the company's support. */
  'support.own': ['user', 'admin'],
  /** Names and numbers of everybody in the own company. */
  'directory.read': ['user', 'admin'],
  /** The realtime socket of the phone, and each of its methods. */
  telephone: ['user', 'admin'],
  'tenant.read': ['admin'],
  'tenant.write': ['admin'],
  'users.read': ['admin'],
  'users.write': ['admin'],
  'administrators.write': ['admin'],
  'connectors.read': ['admin'],
  'connectors.write': ['admin'],
  'imports.write': ['admin'],
  'sso.write': ['admin'],
  'audit.read': ['admin'],
  'usage.read': ['admin'],
  'provider.tenants.read': ['provider'],
  'provider.tenants.write': ['provider'],
  'provider.usage.read': ['provider'],
  'provider.audit.read': ['provider'],
  /** The provider's own people, and what is demanded of them. */
  'provider.people.read': ['provider'],
  'provider.people.write': ['provider'],
  /** The socket of a connector, and each of its messages. */
  link: ['machine:connector'],
  provisioning: ['machine:provisioning'],
  scim: ['machine:scim'],
} as const satisfies Record<string, readonly Grantee[]>;
export type Permission = keyof typeof permissions;

export const isPermitted = (grantee: Grantee, permission: Permission): boolean =>
  (permissions[permission] as readonly Grantee[]).includes(grantee);

/** Whether machines come this way, with their key; people come with their session. A permission is for either. */
export const isForMachines = (permission: Permission): boolean =>
  permissions[permission].some((grantee) => grantee.startsWith('machine:'));
