import type { Me } from '@offhook/contract';
import { Logo } from '@offhook/ui';
import { AccountMenu } from './AccountMenu.tsx';
import classes from './Header.module.css';
import { LinePill } from './LinePill.tsx';

export function Header({ me }: { readonly me: Me }) {
  return (
    <header className={classes['header']}>
      <div className={classes['inner']}>
        <span className={classes['brand']}>
          <Logo size={28} />
          <span className={classes['name']}>Offhook</span>
          <span className={classes['tenant']}>{me.tenantName}</span>
        </span>
        <LinePill number={me.number} />
        <AccountMenu me={me} />
      </div>
    </header>
  );
}
