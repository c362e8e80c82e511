import { Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { problemWords, useWords } from '../i18n/use-words.ts';
import { Screen } from './Screen.tsx';

export interface UnreachableProps {
  readonly problem: unknown;
  readonly onRetry: () => void;
}

export function Unreachable({ problem, onRetry }: UnreachableProps) {
  const { t } = useWords();
  return (
    <Screen
      icon={IconCloudOff}
      title={t('shell.unreachable')}
      hint={problemWords(t, problem)}
      action={<Button onClick={onRetry}>{t('shared.retry')}</Button>}
    />
  );
}
