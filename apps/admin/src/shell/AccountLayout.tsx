import { Outlet } from '@tanstack/react-router';
import classes from './AccountLayout.module.css';
import { LanguageSelect } from './LanguageSelect.tsx';
import { Logo } from '@offhook/ui';

/** Pages of the own account: a quiet head, no navigation. */
export function AccountLayout() {
  return (
    <div className={classes['frame']}>
      <header className={classes['top']}>
        <a className={classes['brand']} href="/">
          <Logo size={30} />
          <span translate="no">{'Offhook'}</span>
        </a>
        <div className={classes['language']}>
          <LanguageSelect withLabel={false} />
        </div>
      </header>
      <main className={classes['main']} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
