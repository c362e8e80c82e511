import { Button, Select, TextInput } from '@mantine/core';
import type { ForwardTarget, Forwarding, LineSettings } from '@offhook/contract';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { looksLikeNumber } from '../words/party.ts';
import { SettingStatus } from './SettingStatus.tsx';
import classes from './SettingsPanel.module.css';
import { useSettingFixed } from './use-setting.ts';

export interface ForwardingSettingProps {
  readonly when: keyof Forwarding;
  readonly settings: LineSettings;
}

type Kind = 'off' | ForwardTarget['to'];

/** Where calls go in one case. A number counts when it is saved, everything else at once. */
export function ForwardingSetting({ when, settings }: ForwardingSettingProps) {
  const { t } = useWords();
  const phone = usePhone();
  const name = `forwarding.${when}` as const;
  const fixed = useSettingFixed(name, settings);
  const target = settings.forwarding[when];
  // A person who wants a number has to type it first: until then nothing is changed.
  const [typing, setTyping] = useState(false);
  const kind: Kind = typing ? 'number' : (target?.to ?? 'off');
  const set = (next: ForwardTarget | null): void => {
    setTyping(false);
    void phone.settings.change({ forwarding: { [when]: next } });
  };
  const choose = (wanted: string | null): void => {
    if (wanted === 'number') setTyping(true);
    else if (wanted === 'voicemail') set({ to: 'voicemail' });
    else if (wanted === 'off') set(null);
  };
  const kinds: readonly Kind[] =
    settings.voicemailNumber === null && target?.to !== 'voicemail'
      ? ['off', 'number']
      : ['off', 'voicemail', 'number'];
  return (
    <div className={classes['forwarding']}>
      <Select
        className={classes['kind'] ?? ''}
        label={t(`settings.forwarding.${when}`)}
        description={t(`settings.forwarding.${when}.hint`)}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        size="sm"
        value={kind}
        allowDeselect={false}
        disabled={fixed}
        data={kinds.map((value) => ({ value, label: t(`settings.${value}`) }))}
        onChange={choose}
      />
      {kind === 'number' ? (
        <NumberForm
          key={target?.to === 'number' ? target.number : ''}
          number={target?.to === 'number' ? target.number : ''}
          asked={typing}
          disabled={fixed}
          onSave={(number) => set({ to: 'number', number })}
        />
      ) : null}
      <SettingStatus name={name} settings={settings} />
    </div>
  );
}

export interface NumberFormProps {
  readonly number: string;
  /** The person has just asked for the field: the focus goes there. */
  readonly asked?: boolean;
  readonly disabled: boolean;
  readonly onSave: (number: string) => void;
  readonly onRemove?: (() => void) | undefined;
}

/** A number to be saved, and where there is one already, removed. */
export function NumberForm({ number, asked = false, disabled, onSave, onRemove }: NumberFormProps) {
  const { t } = useWords();
  const [text, setText] = useState(number);
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked) field.current?.focus();
  }, [asked]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const wanted = text.trim();
    if (looksLikeNumber(wanted)) onSave(wanted);
    else setWrong(true);
  };
  return (
    <form className={classes['number']} onSubmit={submit}>
      <TextInput
        className={classes['field'] ?? ''}
        size="sm"
        type="tel"
        aria-label={t('settings.numberField')}
        placeholder={t('settings.numberField')}
        ref={field}
        value={text}
        disabled={disabled}
        error={wrong ? t('error.number_invalid') : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
      />
      <Button type="submit" size="sm" variant="light" disabled={disabled || text.trim() === number}>
        {t('settings.save')}
      </Button>
      {onRemove === undefined || number === '' ? null : (
        <Button size="sm" variant="subtle" color="gray" disabled={disabled} onClick={onRemove}>
          {t('settings.remove')}
        </Button>
      )}
    </form>
  );
}
