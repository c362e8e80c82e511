import { Anchor } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { PersonAvatar } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import classes from './Account.module.css';

/** Who is signed in; password, second factor and sessions are a page of their own. */
export function Account({ me }: { readonly me: Me }) {
  const { t } = useWords();
  return (
    <div className={classes['account']}>
      <PersonAvatar name={me.name} size={44} />
      <div className={classes['who']}>
        <strong>{me.name}</strong>
        <span>{me.email}</span>
        {me.number === undefined ? null : <span>{t('account.number', { number: me.number })}</span>}
      </div>
      <Anchor href="/account/security" size="sm">
        {t('account.security')}
      </Anchor>
    </div>
  );
}
