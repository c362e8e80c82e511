import { Button } from '@mantine/core';
import { RecoveryCodes, TotpSetup, type Account } from '@offhook/contract';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { Panel } from '../shared/Panel.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useAccountChanged } from './own-account.ts';
import { RecoveryCodesDialog } from './RecoveryCodesDialog.tsx';
import classes from './SecurityPage.module.css';
import { TotpDialog } from './TotpDialog.tsx';

type Open =
  | { readonly name: 'setup'; readonly setup: TotpSetup }
  | { readonly name: 'codes'; readonly codes: readonly string[] }
  | { readonly name: 'turn_off' | 'renew' }
  | undefined;

const FEW_CODES = 3;

/** The authenticator app, and the codes for when the telephone is not at hand. */
export function AuthenticatorSection({ account }: { readonly account: Account }) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const changed = useAccountChanged();
  const [open, setOpen] = useState<Open>();
  const [busy, setBusy] = useState(false);
  const close = (): void => setOpen(undefined);

  async function begin(): Promise<void> {
    setBusy(true);
    try {
      setOpen({ name: 'setup', setup: await api.ask('POST', '/api/account/totp', TotpSetup) });
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title={t('account.totp.title')} hint={t('account.totp.hint')}>
      <div className={classes['factors']}>
        <div className={classes['state']}>
          <span>
            <StatusPill tone={account.totp ? 'good' : 'quiet'}>
              {t(account.totp ? 'account.totp.on' : 'account.totp.off')}
            </StatusPill>
          </span>
          {account.totp ? (
            <Button variant="default" onClick={() => setOpen({ name: 'turn_off' })}>
              {t('account.totp.turnOff')}
            </Button>
          ) : (
            <Button loading={busy} onClick={() => void begin()}>
              {t('account.totp.setUp')}
            </Button>
          )}
        </div>
        {account.totp || account.passkeys.length > 0 ? (
          <div className={classes['state']}>
            <span>
              {t('account.codes.title')}{' '}
              <StatusPill tone={account.recoveryCodesLeft < FEW_CODES ? 'wait' : 'quiet'}>
                {t('account.codes.left', { count: account.recoveryCodesLeft })}
              </StatusPill>
            </span>
            <Button variant="default" onClick={() => setOpen({ name: 'renew' })}>
              {t('account.codes.renew')}
            </Button>
          </div>
        ) : null}
      </div>
      {open?.name === 'setup' ? (
        <TotpDialog
          setup={open.setup}
          onClose={close}
          onDone={(codes) => {
            setOpen({ name: 'codes', codes });
            void changed();
          }}
        />
      ) : null}
      {open?.name === 'codes' ? <RecoveryCodesDialog codes={open.codes} onDone={close} /> : null}
      {open?.name === 'turn_off' ? (
        <ConfirmByName
          title={t('account.totp.turnOff.title')}
          confirm={t('account.totp.turnOff')}
          act={async () => {
            await api.send('DELETE', '/api/account/totp');
            await changed();
            toasts.show({ text: t('account.totp.turnedOff') });
          }}
          onClose={close}
        >
          {t('account.totp.turnOff.hint')}
        </ConfirmByName>
      ) : null}
      {open?.name === 'renew' ? (
        <ConfirmByName
          title={t('account.codes.renew.title')}
          confirm={t('account.codes.renew')}
          act={async () => {
            const { codes } = await api.ask('POST', '/api/account/recovery-codes', RecoveryCodes);
            setOpen({ name: 'codes', codes });
            await changed();
          }}
          onClose={() => setOpen((before) => (before?.name === 'codes' ? before : undefined))}
        >
          {t('account.codes.renew.hint')}
        </ConfirmByName>
      ) : null}
    </Panel>
  );
}
