import {
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { AccountLayout } from '../shell/AccountLayout.tsx';
import { ErrorScreen } from '../shell/ErrorScreen.tsx';
import { Home } from '../shell/Home.tsx';
import { NotFound, NotFoundAlone } from '../shell/NotFound.tsx';
import { PageLoading } from '../shell/PageLoading.tsx';
import { PortalLayout } from '../shell/PortalLayout.tsx';
import { Root } from './Root.tsx';
import { pageOf } from './pages.ts';

const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFoundAlone,
  errorComponent: ErrorScreen,
});

const start = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const portal = createRoute({ getParentRoute: () => root, path: '/admin', component: PortalLayout });
const portalStart = createRoute({ getParentRoute: () => portal, path: '/', component: Home });
const page = <const Path extends string>(path: Path, file: string) =>
  createRoute({ getParentRoute: () => portal, path, component: pageOf(file) });

/** Paths below `/admin`. A page with parameters reads them by `useParams({ strict: false })`. */
const portalTree = portal.addChildren([
  portalStart,
  page('/overview', 'overview/OverviewPage'),
  page('/users', 'users/UsersPage'),
  page('/users/$userId', 'users/UserPage'),
  page('/import', 'imports/ImportPage'),
  page('/import/$importId', 'imports/ImportRunPage'),
  page('/connectors', 'connectors/ConnectorsPage'),
  page('/connectors/$connectorId', 'connectors/ConnectorPage'),
  page('/sign-in', 'sso/SsoPage'),
  page('/administrators', 'administrators/AdministratorsPage'),
  page('/audit', 'audit/AuditPage'),
  page('/usage', 'usage/UsagePage'),
  page('/settings', 'settings/SettingsPage'),
  page('/tenants', 'tenants/TenantsPage'),
  page('/tenants/$tenantId', 'tenants/TenantPage'),
  page('/provider/team', 'team/TeamPage'),
  page('/provider/usage', 'usage/ProviderUsagePage'),
  page('/provider/audit', 'audit/ProviderAuditPage'),
  createRoute({ getParentRoute: () => portal, path: '$', component: NotFound }),
]);

const account = createRoute({ getParentRoute: () => root, path: '/account', component: AccountLayout });
const accountPage = <const Path extends string>(path: Path, file: string) =>
  createRoute({ getParentRoute: () => account, path, component: pageOf(file) });
const accountTree = account.addChildren([
  createRoute({
    getParentRoute: () => account,
    path: '/',
    beforeLoad: () => redirect({ to: '/account/security', replace: true, throw: true }),
  }),
  accountPage('/sign-in', 'account/SignInPage'),
  accountPage('/invitation', 'account/InvitationPage'),
  accountPage('/reset', 'account/ResetPage'),
  accountPage('/forgot', 'account/ForgotPage'),
  accountPage('/security', 'account/SecurityPage'),
  createRoute({ getParentRoute: () => account, path: '$', component: NotFound }),
]);

const routeTree = root.addChildren([start, portalTree, accountTree]);

/** Queries are plain texts: `?q=101` is no number. */
export function openRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history === undefined ? {} : { history }),
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch(search) {
      const set = Object.entries(search).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      );
      return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
    },
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: ErrorScreen,
    defaultNotFoundComponent: NotFoundAlone,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof openRouter>;
  }
}
