import type { CallAttempt, Phone } from '@offhook/phone-core';
import { PersonAvatar, RoundButton } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import type { WordKey } from '../i18n/words.ts';
import { partyWords } from '../words/party.ts';
import classes from './CallCard.module.css';
import { HangUpIcon } from './HangUpIcon.tsx';
import { ProblemNote } from './ProblemNote.tsx';

/** A call on its way to the telephone system: looks like the call that it becomes. */
export function AttemptCard({ attempt }: { readonly attempt: CallAttempt }) {
  const { t } = useWords();
  const { calls } = usePhone();
  const { correlationId, kind, to, name, consultationFor, phase } = attempt;
  const about = usePhoneState((state) => state.calls.find((call) => call.callId === consultationFor));
  const party = name === undefined ? { number: to } : { number: to, name };
  const words = partyWords(party);
  const title = words.title ?? t('call.groupCall');
  const { detail } = words;
  const cancel = (): void => calls.cancelAttempt(correlationId);
  const retry = (): void => {
    cancel();
    void placeAgain(calls, attempt);
  };
  return (
    <article
      className={classes['card']}
      data-tone={phase.name === 'failed' ? 'bad' : 'wait'}
      aria-label={title}
    >
      <div className={classes['person']}>
        <PersonAvatar name={name} size={96} />
        <div className={classes['words']}>
          <span className={classes['name']}>{title}</span>
          {detail === undefined ? null : <span className={classes['number']}>{detail}</span>}
          {about === undefined ? null : (
            <span className={classes['background']}>
              {t('call.consultingAbout', {
                who: partyWords(about.remote).title ?? t('call.unknownCaller'),
              })}
            </span>
          )}
          <span className={classes['state']}>
            <span role="status" className={classes['status']}>
              {t(statusOf(kind, phase))}
            </span>
          </span>
          {phase.name === 'atDesk' ? (
            <span className={classes['background']}>{t('call.atDesk.hint')}</span>
          ) : null}
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

function statusOf(kind: CallAttempt['kind'], phase: CallAttempt['phase']): WordKey {
  switch (phase.name) {
    case 'placing':
      return kind === 'pick_up' ? 'call.pickingUp' : 'call.calling';
    case 'atDesk':
      return 'call.atDesk';
    case 'unsure':
      return 'call.callingUnsure';
    case 'failed':
      return 'call.ended';
  }
}

/** The same once more, at the same device and about the same call. */
function placeAgain(calls: Phone['calls'], { kind, to, name, consultationFor }: CallAttempt): Promise<void> {
  if (kind === 'pick_up') return calls.pickUp(to === '' ? undefined : to, name);
  if (consultationFor !== undefined) return calls.consult(consultationFor, to, name);
  return kind === 'at_desk' ? calls.placeAtDesk(to, name) : calls.place(to, name);
}
