import { Select } from '@mantine/core';
import { Language, type SessionBody } from '@offhook/contract';
import { languageNames, languages } from '@offhook/words';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { sessionKey } from '../app/session.ts';
import { chooseLanguage } from '../i18n/i18n.ts';
import { useWords } from '../i18n/use-words.ts';
import { useToasts } from '../shared/Toasts.tsx';

/** The language of these pages, and of the mails to whoever is signed in. */
export function LanguageSelect({ withLabel = true }: { readonly withLabel?: boolean }) {
  const { t, i18n, language } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  async function choose(wanted: Language): Promise<void> {
    await chooseLanguage(i18n, wanted);
    const session = queries.getQueryData<SessionBody>(sessionKey);
    if (session === undefined || session.me === null) return;
    try {
      await api.send('PATCH', '/api/account', { language: wanted });
    } catch (thrown) {
      toasts.problem(thrown);
    }
  }
  return (
    <Select
      size="sm"
      {...(withLabel ? { label: t('shell.language') } : { 'aria-label': t('shell.language') })}
      value={language}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      data={languages.map((code) => ({ value: code, label: languageNames[code] }))}
      onChange={(code) => {
        const wanted = Language.safeParse(code);
        if (wanted.success) void choose(wanted.data);
      }}
    />
  );
}
