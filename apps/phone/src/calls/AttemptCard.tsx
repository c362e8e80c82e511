import type { CallAttempt } from '@offhook/phone-core';
import { PersonAvatar, RoundButton } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';
import type { WordKey } from '../i18n/words.ts';
import { partyWords } from '../words/party.ts';
import classes from './CallCard.module.css';
import { HangUpIcon } from './HangUpIcon.tsx';
import { ProblemNote } from './ProblemNote.tsx';

/** A call on its way to the telephone system: looks like the call that it becomes. */
export function AttemptCard({ attempt }: { readonly attempt: CallAttempt }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const { correlationId, to, name, phase } = attempt;
  const party = name === undefined ? { number: to } : { number: to, name };
  const { title, detail } = partyWords(party);
  const cancel = (): void => calls.cancelAttempt(correlationId);
  const retry = (): void => {
    cancel();
    void calls.place(to, name);
  };
  return (
    <article
      className={classes['card']}
      data-tone={phase.name === 'failed' ? 'bad' : 'wait'}
      aria-label={title ?? to}
    >
      <div className={classes['person']}>
        <PersonAvatar name={name} size={96} />
        <div className={classes['words']}>
          <span className={classes['name']}>{title}</span>
          {detail === undefined ? null : <span className={classes['number']}>{detail}</span>}
          <span className={classes['state']}>
            <span role="status" className={classes['status']}>
              {t(statusOf(phase))}
            </span>
          </span>
        </div>
      </div>
      {phase.name === 'failed' ? (
        <ProblemNote problem={phase.problem} onRetry={retry} onDismiss={cancel} />
      ) : (
        <RoundButton
          label={t('call.hangUp')}
          icon={<HangUpIcon size={25} stroke={1.7} />}
          tone="end"
          onClick={cancel}
        />
      )}
    </article>
  );
}

function statusOf(phase: CallAttempt['phase']): WordKey {
  switch (phase.name) {
    case 'placing':
    case 'atDesk':
      return 'call.calling';
    case 'unsure':
      return 'call.callingUnsure';
    case 'failed':
      return 'call.ended';
  }
}
