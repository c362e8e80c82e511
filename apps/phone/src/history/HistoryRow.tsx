import { ActionIcon, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { historyKindOf, type HistoryEntry } from '@offhook/contract';
import { PersonAvatar, PresenceDot } from '@offhook/ui';
import { IconArrowDownLeft, IconArrowUpRight, IconNote, IconPhone, IconPhoneX } from '@tabler/icons-react';
import { memo } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import { PresenceText } from '../presence/PresenceText.tsx';
import { usePresence, useWatched } from '../presence/use-watched.ts';
import { causeWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import { clockTime } from '../words/time.ts';
import classes from './HistoryPanel.module.css';

const icons = { missed: IconPhoneX, incoming: IconArrowDownLeft, outgoing: IconArrowUpRight } as const;

export interface HistoryRowProps {
  readonly entry: HistoryEntry;
  /** Pixels below the top of the list. */
  readonly top: number;
  /** Of the time of day: made once for all rows. */
  readonly time: Intl.DateTimeFormat;
  readonly onOpen: (entry: HistoryEntry) => void;
}

export const HistoryRow = memo(function HistoryRow({ entry, top, time, onOpen }: HistoryRowProps) {
  const { t } = useWords();
  const { calls } = usePhone();
  const { userId } = entry.remote;
  // Only those near the window are drawn: a long list would watch the whole company.
  useWatched(userId === undefined ? [] : [userId]);
  const presence = usePresence(userId);
  const kind = historyKindOf(entry);
  const Icon = icons[kind];
  const { title, detail } = partyWords(entry.remote);
  const who = title ?? t('call.unknownCaller');
  const members = entry.members?.map((member) => partyWords(member).title ?? t('call.unknownCaller'));
  const under = members === undefined ? detail : members.join(', ');
  const outcome =
    entry.answeredAt === undefined
      ? t(kind === 'missed' ? 'history.missed' : causeWords(entry.cause, entry.direction))
      : clockTime(entry.endedAt - entry.answeredAt);
  return (
    <li className={classes['place']} style={{ top }}>
      <div className={classes['row']} data-kind={kind}>
        <PersonAvatar
          name={entry.remote.name}
          size={40}
          badge={presence && <PresenceDot state={presence.state} />}
        />
        <div className={classes['words']}>
          <span className={classes['whoLine']}>
            <UnstyledButton
              className={classes['who'] ?? ''}
              aria-label={t('history.details', { who })}
              aria-haspopup="dialog"
              onClick={() => onOpen(entry)}
            >
              {who}
            </UnstyledButton>
            {presence === undefined ? null : (
              <span className={classes['presence']}>
                <PresenceText presence={presence} />
              </span>
            )}
          </span>
          <span className={classes['detail']}>
            <Icon size={15} stroke={2} className={classes['icon']} aria-hidden="true" />
            <VisuallyHidden>{t(`history.${kind}`)}</VisuallyHidden>
            {under === undefined ? null : (
              <>
                <span className={classes['under']}>{under}</span>
                <span aria-hidden="true">·</span>
              </>
            )}
            <span className={classes['outcome']}>{outcome}</span>
          </span>
          {entry.note === undefined ? null : (
            <span className={classes['note']}>
              <IconNote size={14} stroke={1.8} className={classes['icon']} aria-hidden="true" />
              <VisuallyHidden>{t('history.note')}: </VisuallyHidden>
              <span className={classes['under']}>{entry.note}</span>
            </span>
          )}
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
      </div>
    </li>
  );
});
