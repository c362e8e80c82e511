import { Button } from '@mantine/core';
import { IconDownload, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from '../settings/SettingsPanel.module.css';
import { installableBy, isStandalone, useInstall } from './offer.ts';

/** Settings of this device: the phone as an app, with the device's start, and telephone links. */
export function AsApp() {
  const { t } = useWords();
  const install = useInstall();
  const how = installableBy(install !== undefined, navigator.userAgent, isStandalone());
  return (
    <>
      <p className={classes['hint']}>{t(`install.how.${how}`)}</p>
      {install === undefined ? null : (
        <Button variant="light" leftSection={<IconDownload size={18} stroke={1.7} />} onClick={install}>
          {t('install.entry')}
        </Button>
      )}
      {how === 'firefox' ? null : <p className={classes['hint']}>{t('install.login')}</p>}
      <p className={classes['hint']}>{t('install.closed')}</p>
      <TelephoneLinks />
    </>
  );
}

function TelephoneLinks() {
  const { t } = useWords();
  const [asked, setAsked] = useState(false);
  const can = 'registerProtocolHandler' in navigator;
  function register(): void {
    navigator.registerProtocolHandler('tel', `${window.location.origin}/#dial=%s`);
    setAsked(true);
  }
  return (
    <section aria-labelledby="links-title">
      <h4 id="links-title" className={classes['heading']}>
        {t('links.title')}
      </h4>
      <p className={classes['hint']}>{t(can ? 'links.hint' : 'links.none')}</p>
      {can ? (
        <Button variant="light" leftSection={<IconLink size={18} stroke={1.7} />} onClick={register}>
          {t('links.open')}
        </Button>
      ) : null}
      <p className={classes['hint']} role="status">
        {asked ? t('links.asked') : ''}
      </p>
    </section>
  );
}
