import { Button } from '@mantine/core';
import { IconMapSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useWords } from '../i18n/use-words.ts';
import { Screen } from './Screen.tsx';

/** Also what people see of a page that they may not open: nobody learns what there is. */
export function NotFound() {
  const { t } = useWords();
  return (
    <Screen
      icon={IconMapSearch}
      title={t('shell.notFound')}
      hint={t('shell.notFound.hint')}
      action={
        <Button component={Link} to="/admin" variant="default">
          {t('shell.toStart')}
        </Button>
      }
    />
  );
}

/** Outside of every layout. */
export function NotFoundAlone() {
  return (
    <main id="content" tabIndex={-1}>
      <NotFound />
    </main>
  );
}
