import { Button, Text } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { whoseNumber } from '@offhook/phone-core';
import { IconPhone } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { onWantedNumber } from '../links/errands.ts';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { looksLikeNumber } from '../words/party.ts';
import { DialKeys } from './DialKeys.tsx';
import classes from './DialPanel.module.css';
import { NumberField } from './NumberField.tsx';
import { OtherWays } from './OtherWays.tsx';
import { SEARCH_FIELD_ID } from './search-field.ts';
import type { Suggestion } from './suggestion.ts';
import { useSuggestions } from './use-suggestions.ts';
import { tones } from '../ringing/tones.ts';

/** What is done with the number that was meant. */
type Begin = (to: string, name: string | undefined) => void;

/** Where a call begins: a name or number, the people it may mean, the keys. */
export function DialPanel({ withPad }: { readonly withPad: boolean }) {
  const { t } = useWords();
  const phone = usePhone();
  const [text, setText] = useState('');
  const [message, setMessage] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const { entries, find } = useSuggestions(text);
  const people = usePhoneState((state) => state.directory.people);

  const change = (next: string): void => {
    setText(next);
    setMessage(undefined);
  };
  // The number of a link that was clicked: to be looked at, and called by one press.
  useEffect(
    () =>
      onWantedNumber((number) => {
        setText(number);
        setMessage(undefined);
        field.current?.focus();
      }),
    [],
  );
  const begin = (how: Begin, to: string, name: string | undefined): void => {
    change('');
    how(to, name);
  };
  const place: Begin = (to, name) => void phone.calls.place(to, name);
  const choose = ({ number, name }: Suggestion, how: Begin = place): void => {
    if (number === undefined) setMessage(t('dial.noNumber', { name: name ?? '' }));
    else begin(how, number, name);
  };

  /** A number is taken as it stands; a name is the person who fits it best. */
  async function beginWithWhatIsTyped(how: Begin): Promise<void> {
    const wanted = text.trim();
    if (wanted === '') {
      field.current?.focus();
      return;
    }
    if (looksLikeNumber(wanted)) {
      const colleague = people === undefined ? undefined : whoseNumber(people, wanted);
      begin(how, wanted, colleague?.name ?? entries.find((entry) => entry.number === wanted)?.name);
      return;
    }
    try {
      const found = await find(wanted);
      const best = found.find((entry) => entry.number !== undefined) ?? found[0];
      if (best === undefined) setMessage(t('dial.nobody', { text: wanted }));
      else choose(best, how);
    } catch (thrown) {
      setMessage(t(`error.${OffhookError.from(thrown).code}`));
    }
  }

  const press = (key: string): void => {
    tones.key(key);
    change(text + key);
  };
  return (
    <div className={classes['panel']}>
      <NumberField
        ref={field}
        id={SEARCH_FIELD_ID}
        label={t('dial.field')}
        text={text}
        entries={entries}
        onChange={change}
        onChoose={(entry) => choose(entry)}
        onSubmit={() => void beginWithWhatIsTyped(place)}
      />
      {message === undefined ? null : (
        <Text size="sm" c="var(--offhook-bad-text)" role="alert">
          {message}
        </Text>
      )}
      {withPad ? (
        <DialKeys label={t('dial.pad')} onPress={press} onLongZero={() => change(`${text}+`)} />
      ) : null}
      <div className={classes['callRow']}>
        <Button
          size="lg"
          fullWidth
          variant={withPad ? 'filled' : 'light'}
          leftSection={<IconPhone size={20} stroke={1.9} />}
          onClick={() => void beginWithWhatIsTyped(place)}
        >
          {t('dial.call')}
        </Button>
        <OtherWays
          variant={withPad ? 'filled' : 'light'}
          onAtDesk={() => void beginWithWhatIsTyped((to, name) => void phone.calls.placeAtDesk(to, name))}
          onPickUp={() => void beginWithWhatIsTyped((to, name) => void phone.calls.pickUp(to, name))}
          onGroupPickUp={() => void phone.calls.pickUp()}
        />
      </div>
    </div>
  );
}
