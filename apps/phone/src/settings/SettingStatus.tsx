import { Button, Loader } from '@mantine/core';
import type { LineSettings, SettingName } from '@offhook/contract';
import { namesOf, type SettingsOutcome } from '@offhook/phone-core';
import { IconAlertCircle, IconCheck, IconLock } from '@tabler/icons-react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { problemWords } from '../words/problem.ts';
import classes from './SettingsPanel.module.css';

export interface SettingStatusProps {
  readonly name: SettingName;
  readonly settings: LineSettings;
}

/** Below a setting: that it is being changed, what became of it, or why it cannot be changed. */
export function SettingStatus({ name, settings }: SettingStatusProps) {
  const { t } = useWords();
  const pending = usePhoneState(
    ({ settings: { pending: change } }) => change !== undefined && namesOf(change).includes(name),
  );
  const last = usePhoneState((state) => state.settings.last);
  const outcome = last?.of.includes(name) === true ? last.outcome : undefined;
  return (
    <div className={classes['status']} aria-live="polite">
      {pending ? (
        <>
          <Loader size={13} />
          {t('settings.changing')}
        </>
      ) : outcome === undefined ? null : (
        <Outcome outcome={outcome} />
      )}
      {settings.settable.includes(name) ? null : (
        <>
          <IconLock size={15} stroke={1.8} aria-hidden="true" />
          {t('settings.fixed')}
        </>
      )}
    </div>
  );
}

function Outcome({ outcome }: { readonly outcome: SettingsOutcome }) {
  const { t } = useWords();
  const phone = usePhone();
  switch (outcome.name) {
    case 'changed':
      return (
        <>
          <IconCheck size={15} stroke={2.2} className={classes['good']} aria-hidden="true" />
          {t('settings.changed')}
          <Button variant="subtle" size="compact-xs" onClick={() => void phone.settings.undo()}>
            {t('settings.undo')}
          </Button>
        </>
      );
    case 'not_taken':
      return <Bad text={t('settings.notTaken')} />;
    case 'failed':
      return <Bad text={t(problemWords(outcome.problem).title)} />;
  }
}

function Bad({ text }: { readonly text: string }) {
  return (
    <span className={classes['bad']}>
      <IconAlertCircle size={15} stroke={1.9} aria-hidden="true" />
      {text}
    </span>
  );
}
