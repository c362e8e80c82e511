import { ActionIcon, VisuallyHidden } from '@mantine/core';
import type { HistoryEntry } from '@offhook/contract';
import { useInViewport } from '@mantine/hooks';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import { IconArrowDownLeft, IconArrowUpRight, IconPhone, IconPhoneX } from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence, useWatched } from '../presence/use-watched.ts';
import { causeWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import { clockTime } from '../words/time.ts';
import classes from './HistoryPanel.module.css';
import { kindOf } from './kind.ts';

const icons = { missed: IconPhoneX, incoming: IconArrowDownLeft, outgoing: IconArrowUpRight } as const;

export function HistoryRow({ entry }: { readonly entry: HistoryEntry }) {
  const { t, i18n } = useWords();
  const { calls } = usePhone();
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const { userId } = entry.remote;
  // Only those that can be seen: a long list would watch the whole company.
  useWatched(userId !== undefined && inViewport ? [userId] : []);
  const presence = usePresence(userId);
  const kind = kindOf(entry);
  const Icon = icons[kind];
  const { title, detail } = partyWords(entry.remote);
  const who = title ?? t('call.unknownCaller');
  const time = new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', minute: '2-digit' });
  const outcome =
    entry.answeredAt === undefined
      ? t(kind === 'missed' ? 'history.missed' : causeWords(entry.cause, entry.direction))
      : clockTime(entry.endedAt - entry.answeredAt);
  return (
    <li ref={ref} className={classes['row']} data-kind={kind}>
      <PersonAvatar
        name={entry.remote.name}
        size={40}
        badge={presence && <PresenceDot state={presence.state} />}
      />
      <div className={classes['words']}>
        <span className={classes['whoLine']}>
          <span className={classes['who']}>{who}</span>
          {presence === undefined ? null : (
            <span className={classes['presence']}>
              <PresenceText presence={presence} />
            </span>
          )}
        </span>
        <span className={classes['detail']}>
          <Icon size={15} stroke={2} className={classes['icon']} aria-hidden="true" />
          <VisuallyHidden>{t(`history.${kind}`)}</VisuallyHidden>
          {detail === undefined ? null : (
            <>
              <span>{detail}</span>
              <span aria-hidden="true">·</span>
            </>
          )}
          <span className={classes['outcome']}>{outcome}</span>
        </span>
      </div>
      <time className={classes['time']} dateTime={new Date(entry.startedAt).toISOString()}>
        {time.format(entry.startedAt)}
      </time>
      {entry.remote.number === '' ? (
        <span className={classes['dial']} />
      ) : (
        <ActionIcon
          className={classes['dial'] ?? ''}
          variant="subtle"
          size={40}
          radius="xl"
          aria-label={t('history.dial', { who })}
          onClick={() => void calls.place(entry.remote.number, entry.remote.name)}
        >
          <IconPhone size={20} stroke={1.7} />
        </ActionIcon>
      )}
    </li>
  );
}
