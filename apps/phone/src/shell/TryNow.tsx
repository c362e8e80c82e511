import { Button } from '@mantine/core';
import { useWords } from '../i18n/use-words.ts';
import { usePhone } from '../app/PhoneContext.tsx';

export function TryNow() {
  const { t } = useWords();
  const phone = usePhone();
  return (
    <Button variant="default" size="xs" onClick={() => phone.wake('visible')}>
      {t('app.tryNow')}
    </Button>
  );
}
