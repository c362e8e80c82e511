import { Button } from '@mantine/core';
import { IconMapSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { EmptyState } from '../shared/EmptyState.tsx';

/** Also what people see of a page that they may not open: nobody learns what there is. */
export function NotFound() {
  const { t } = useWords();
  const title = t('shell.notFound');
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);
  return (
    <EmptyState
      icon={IconMapSearch}
      title={title}
      hint={t('shell.notFound.hint')}
      action={
        <Button component={Link} to="/admin" variant="default">
          {t('shell.toStart')}
        </Button>
      }
    />
  );
}
