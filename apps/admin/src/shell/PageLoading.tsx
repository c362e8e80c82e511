import { Center, Loader } from '@mantine/core';
import { useWords } from '../i18n/use-words.ts';

export function PageLoading() {
  const { t } = useWords();
  return (
    <Center mih={240}>
      <Loader role="status" aria-label={t('shared.loading')} />
    </Center>
  );
}
