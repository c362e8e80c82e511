import { Alert, Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { problemWords, useWords } from '../i18n/use-words.ts';

export interface ProblemNoteProps {
  /** What was thrown; nothing is shown without. */
  readonly problem: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do, in words. */
export function ProblemNote({ problem, onRetry }: ProblemNoteProps) {
  const { t } = useWords();
  if (problem === undefined || problem === null) return null;
  return (
    <Alert variant="light" color="signal" icon={<IconAlertCircle />} radius="md">
      {problemWords(t, problem)}
      {onRetry === undefined ? null : (
        <div style={{ marginTop: 10 }}>
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('shared.retry')}
          </Button>
        </div>
      )}
    </Alert>
  );
}
