import { PersonAvatar, PresenceDot } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence } from '../presence/use-watched.ts';
import { readableNumber } from '../words/party.ts';
import classes from './DialPanel.module.css';
import type { Suggestion } from './suggestion.ts';

/** A person who may be meant, with what they do now, in words beside the sign. */
export function PersonOption({ entry }: { readonly entry: Suggestion }) {
  const { t } = useWords();
  const presence = usePresence(entry.userId, entry.presence);
  return (
    <>
      <PersonAvatar
        name={entry.name}
        size={36}
        badge={presence === undefined ? undefined : <PresenceDot state={presence.state} />}
      />
      <span className={classes['person']}>
        <span className={classes['name']}>{entry.name ?? readableNumber(entry.number ?? '')}</span>
        {entry.isRecent ? <span className={classes['presence']}>{t('contacts.recent')}</span> : null}
        {presence === undefined ? null : (
          <span className={classes['presence']}>
            <PresenceText presence={presence} />
          </span>
        )}
      </span>
      <span className={classes['number']}>
        {entry.number === undefined
          ? t('dial.noNumberShort')
          : entry.name === undefined
            ? null
            : readableNumber(entry.number)}
      </span>
    </>
  );
}
