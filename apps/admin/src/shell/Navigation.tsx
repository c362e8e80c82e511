import type { Role } from '@offhook/contract';
import { Link } from '@tanstack/react-router';
import { navigationGroups, pagesFor, type PortalPage } from '../app/portal.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './Navigation.module.css';

export function Navigation({ role }: { readonly role: Role }) {
  const { t } = useWords();
  const pages = pagesFor(role);
  return (
    <nav className={classes['nav']} aria-label={t('shell.navigation')}>
      {navigationGroups.map((group) => {
        const own = pages.filter((page) => page.group === group);
        if (own.length === 0) return null;
        return (
          <ul key={group} className={classes['group']}>
            {own.map((page) => (
              <li key={page.to}>
                <NavigationLink page={page} />
              </li>
            ))}
          </ul>
        );
      })}
    </nav>
  );
}

/** The router marks the link of the page that is shown with `aria-current`. */
function NavigationLink({ page }: { readonly page: PortalPage }) {
  const { t } = useWords();
  const Icon = page.icon;
  return (
    <Link to={page.to} className={classes['link']} activeOptions={{ includeSearch: false }}>
      <Icon size={20} stroke={1.7} aria-hidden="true" />
      {t(page.title)}
    </Link>
  );
}
