import type { Permission, Role } from '@offhook/contract';
import { isPermitted } from '@offhook/contract';
import {
  IconBuilding,
  IconChartBar,
  IconClipboardList,
  IconFileImport,
  IconHome,
  IconKey,
  IconPlugConnected,
  IconReceipt,
  IconSettings,
  IconShieldCheck,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import type { WordKey } from '../words/keys.ts';
import { isInBuild } from './pages.ts';

/** A page of the portal or the console that navigation leads to. */
export interface PortalPage {
  readonly to: string;
  /** Under `src/`, without `.tsx`. */
  readonly file: string;
  readonly title: WordKey;
  readonly access: Permission;
  readonly icon: Icon;
  readonly group: NavigationGroup;
}

export type NavigationGroup = 'daily' | 'access' | 'company';
export const navigationGroups = ['daily', 'access', 'company'] as const satisfies readonly NavigationGroup[];

export const portalPages = [
  {
    to: '/admin/overview',
    file: 'overview/OverviewPage',
    title: 'overview.title',
    access: 'tenant.read',
    icon: IconHome,
    group: 'daily',
  },
  {
    to: '/admin/users',
    file: 'users/UsersPage',
    title: 'users.title',
    access: 'users.read',
    icon: IconUsers,
    group: 'daily',
  },
  {
    to: '/admin/import',
    file: 'imports/ImportPage',
    title: 'imports.title',
    access: 'imports.write',
    icon: IconFileImport,
    group: 'daily',
  },
  {
    to: '/admin/connectors',
    file: 'connectors/ConnectorsPage',
    title: 'connectors.title',
    access: 'connectors.read',
    icon: IconPlugConnected,
    group: 'daily',
  },
  {
    to: '/admin/sign-in',
    file: 'sso/SsoPage',
    title: 'sso.title',
    access: 'sso.write',
    icon: IconKey,
    group: 'access',
  },
  {
    to: '/admin/administrators',
    file: 'administrators/AdministratorsPage',
    title: 'administrators.title',
    access: 'administrators.write',
    icon: IconShieldCheck,
    group: 'access',
  },
  {
    to: '/admin/audit',
    file: 'audit/AuditPage',
    title: 'audit.title',
    access: 'audit.read',
    icon: IconClipboardList,
    group: 'access',
  },
  {
    to: '/admin/usage',
    file: 'usage/UsagePage',
    title: 'usage.title',
    access: 'usage.read',
    icon: IconChartBar,
    group: 'company',
  },
  {
    to: '/admin/settings',
    file: 'settings/SettingsPage',
    title: 'settings.title',
    access: 'tenant.read',
    icon: IconSettings,
    group: 'company',
  },
  {
    to: '/admin/tenants',
    file: 'tenants/TenantsPage',
    title: 'tenants.title',
    access: 'provider.tenants.read',
    icon: IconBuilding,
    group: 'daily',
  },
  {
    to: '/admin/provider/usage',
    file: 'usage/ProviderUsagePage',
    title: 'usage.title',
    access: 'provider.usage.read',
    icon: IconReceipt,
    group: 'daily',
  },
  {
    to: '/admin/provider/audit',
    file: 'audit/ProviderAuditPage',
    title: 'audit.title',
    access: 'provider.audit.read',
    icon: IconClipboardList,
    group: 'daily',
  },
  {
    to: '/admin/provider/team',
    file: 'team/TeamPage',
    title: 'team.title',
    access: 'provider.people.read',
    icon: IconShieldCheck,
    group: 'access',
  },
] as const satisfies readonly PortalPage[];

/** What navigation shows to a role. */
export function pagesFor(role: Role): readonly PortalPage[] {
  return portalPages.filter(({ access, file }) => isPermitted(role, access) && isInBuild(file));
}

/** The permission that a path of the portal asks for; by its longest beginning. */
export function accessOf(path: string): Permission | undefined {
  return portalPages
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .sort((a, b) => b.to.length - a.to.length)[0]?.access;
}
