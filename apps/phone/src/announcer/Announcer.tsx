import { VisuallyHidden } from '@mantine/core';
import type { PhoneState } from '@offhook/phone-core';
import { useEffect, useEffectEvent, useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { partyWords } from '../words/party.ts';
import { newsOf } from './news.ts';

/** Speaks what moved, joined or arrived, to whoever does not look. Seen by nobody. */
export function Announcer() {
  const { t, i18n } = useWords();
  const { store } = usePhone();
  const [text, setText] = useState('');
  const tell = useEffectEvent((after: PhoneState, before: PhoneState): void => {
    const names = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
    const sentences = newsOf(before, after).map(({ key, people, number }) => {
      const who = names.format(people.map((one) => partyWords(one).title ?? t('call.unknownCaller')));
      return t(key, { who, number: number ?? '' });
    });
    if (sentences.length > 0) setText(sentences.join('. '));
  });
  useEffect(() => store.subscribe((after, before) => tell(after, before)), [store]);
  return (
    <VisuallyHidden aria-live="polite" data-testid="announcer">
      {text}
    </VisuallyHidden>
  );
}
