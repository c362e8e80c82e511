import { Button } from '@mantine/core';
import { OffhookError } from '@offhook/contract';
import { IconMoodSad, IconRefresh } from '@tabler/icons-react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { problemWords, useWords } from '../i18n/use-words.ts';
import { Screen } from './Screen.tsx';

/** A page broke. The others still work; a part of a build that has been replaced is found again by loading anew. */
export function ErrorScreen({ error }: ErrorComponentProps) {
  const { t } = useWords();
  const replaced = !(error instanceof OffhookError) && /import|module/iu.test(String(error));
  return (
    <Screen
      icon={replaced ? IconRefresh : IconMoodSad}
      title={t(replaced ? 'shell.replaced' : 'shell.broken')}
      hint={replaced ? t('shell.replaced.hint') : problemWords(t, error)}
      action={<Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>}
    />
  );
}
