import { Anchor, Button } from '@mantine/core';
import type { Problem } from '@offhook/phone-core';
import { openHelp } from '../help/open-help.ts';
import { useWords } from '../i18n/use-words.ts';
import { problemWords } from '../words/problem.ts';
import classes from './Notes.module.css';

export interface ProblemNoteProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  readonly onListenOnly?: () => void;
  readonly onDismiss: () => void;
}

/** What did not work, what to do about it, and the ways on. */
export function ProblemNote({ problem, onRetry, onListenOnly, onDismiss }: ProblemNoteProps) {
  const { t } = useWords();
  const { title, hint } = problemWords(problem);
  const canListen = onListenOnly !== undefined && problem.kind === 'microphone';
  return (
    <div className={classes['note']} role="alert">
      <strong>{t(title)}</strong>
      {hint === undefined ? null : <span>{t(hint)}</span>}
      {problem.kind === 'microphone' ? (
        <Anchor href="#check" size="sm">
          {t('check.link')}
        </Anchor>
      ) : null}
      <div className={classes['actions']}>
        {onRetry === undefined ? null : (
          <Button size="xs" onClick={onRetry}>
            {t('call.tryAgain')}
          </Button>
        )}
        {canListen ? (
          <Button size="xs" variant="default" onClick={onListenOnly}>
            {t('call.listenOnly')}
          </Button>
        ) : null}
        <Button size="xs" variant="default" onClick={() => openHelp('trouble')}>
          {t('help.title')}
        </Button>
        <Button size="xs" variant="default" onClick={onDismiss}>
          {t('app.dismiss')}
        </Button>
      </div>
    </div>
  );
}
