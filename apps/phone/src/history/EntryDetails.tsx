import { Button, Modal, Textarea } from '@mantine/core';
import { historyKindOf, Limits, type CallStep, type HistoryEntry } from '@offhook/contract';
import { IconPhone, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords, type Translate } from '../i18n/use-words.ts';
import { causeWords } from '../words/call-words.ts';
import { partyWords } from '../words/party.ts';
import { clockTime } from '../words/time.ts';
import classes from './EntryDetails.module.css';
import type { NoteState } from './note-draft.ts';
import { useNote } from './use-note.ts';

export interface EntryDetailsProps {
  readonly entry: HistoryEntry;
  readonly onClose: () => void;
  readonly onDeleted: (entry: HistoryEntry) => void;
}

/** All that is known of one call, its note, and what can be done with it. */
export default function EntryDetails({ entry, onClose, onDeleted }: EntryDetailsProps) {
  const { t } = useWords();
  const { calls, history } = usePhone();
  const note = useNote(entry);
  const [act, setAct] = useState<'still' | 'deleting' | 'failed'>('still');
  const { title, detail } = partyWords(entry.remote);
  const who = title ?? t('call.unknownCaller');
  const remove = async (): Promise<void> => {
    setAct('deleting');
    try {
      await history.change(entry.recordId, { deleted: true });
      onDeleted(entry);
      onClose();
    } catch {
      setAct('failed');
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={who}
      size="sm"
      radius="lg"
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ 'aria-label': t('history.details.close') }}
    >
      <p className={classes['under']}>
        {[detail, t(`history.${historyKindOf(entry)}`)].filter((part) => part !== undefined).join(' · ')}
      </p>
      <Facts entry={entry} />
      <Textarea
        className={classes['note'] ?? ''}
        label={t('history.note')}
        description={t('history.note.hint')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={Limits.noteChars}
        value={note.text}
        onChange={(event) => note.type(event.currentTarget.value)}
        onBlur={note.save}
      />
      <p className={classes['state']} role="status" data-state={note.state}>
        <span>{noteWords(note.state, t)}</span>
        {note.state === 'failed' ? (
          <Button size="compact-xs" variant="subtle" onClick={note.save}>
            {t('call.tryAgain')}
          </Button>
        ) : null}
      </p>
      {act === 'failed' ? (
        <p className={classes['failed']} role="alert">
          {t('history.actFailed')}
        </p>
      ) : null}
      <div className={classes['acts']}>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconTrash size={18} stroke={1.7} />}
          loading={act === 'deleting'}
          onClick={() => void remove()}
        >
          {t('history.delete')}
        </Button>
        {entry.remote.number === '' ? null : (
          <Button
            leftSection={<IconPhone size={18} stroke={1.7} />}
            onClick={() => {
              onClose();
              void calls.place(entry.remote.number, entry.remote.name);
            }}
          >
            {t('history.callBack')}
          </Button>
        )}
      </div>
    </Modal>
  );
}

function noteWords(state: NoteState, t: Translate): string {
  return state === 'still' ? '' : t(`history.note.${state}`);
}

function Facts({ entry }: { readonly entry: HistoryEntry }) {
  const { t, i18n } = useWords();
  const { startedAt, answeredAt, endedAt, divertedBy, members, steps } = entry;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' });
  const clock = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium' });
  const nameOf = (party: HistoryEntry['remote']): string => {
    const { title, detail } = partyWords(party);
    if (title === undefined) return t('call.unknownCaller');
    return detail === undefined ? title : `${title} · ${detail}`;
  };
  const stepWords = (step: CallStep): string => {
    switch (step.kind) {
      case 'rang':
        return t(`history.step.rang.${step.where}`);
      case 'at':
        return t(`history.step.at.${step.where}`);
      case 'with':
        return t('history.step.with', { who: nameOf(step.party) });
    }
  };
  return (
    <dl className={classes['facts']}>
      <Fact name={t('history.began')}>{day.format(startedAt)}</Fact>
      {answeredAt === undefined ? null : <Fact name={t('history.answered')}>{clock.format(answeredAt)}</Fact>}
      <Fact name={t('history.ended')}>{clock.format(endedAt)}</Fact>
      <Fact name={t('history.rangFor')}>{clockTime((answeredAt ?? endedAt) - startedAt)}</Fact>
      {answeredAt === undefined ? null : (
        <Fact name={t('history.talked')}>{clockTime(endedAt - answeredAt)}</Fact>
      )}
      <Fact name={t('history.outcome')}>{t(causeWords(entry.cause, entry.direction))}</Fact>
      {divertedBy === undefined ? null : <Fact name={t('history.forwardedBy')}>{nameOf(divertedBy)}</Fact>}
      {members === undefined ? null : (
        <Fact name={t('history.members')}>
          <ul className={classes['list']}>
            {members.map((member) => (
              <li key={member.number}>{nameOf(member)}</li>
            ))}
          </ul>
        </Fact>
      )}
      {steps === undefined || steps.length === 0 ? null : (
        <Fact name={t('history.way')}>
          <ol className={classes['list']}>
            {steps.map((step) => (
              <li key={`${step.kind}-${String(step.at)}-${stepWords(step)}`}>
                <time dateTime={new Date(step.at).toISOString()}>{clock.format(step.at)}</time>{' '}
                {stepWords(step)}
              </li>
            ))}
          </ol>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
