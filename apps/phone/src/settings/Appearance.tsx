import { Stack } from '@mantine/core';
import { ColorSchemeChoice } from '@offhook/ui';
import { useWords } from '../i18n/use-words.ts';
import { LanguageChoice } from '../shell/AccountPopover.tsx';

export function Appearance() {
  const { t } = useWords();
  return (
    <Stack gap="md" maw={320}>
      <ColorSchemeChoice label={t('account.theme')} nameOf={(scheme) => t(`account.theme.${scheme}`)} />
      <LanguageChoice />
    </Stack>
  );
}
