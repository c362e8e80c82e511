import { Center, Loader } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { Suspense } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { NotLoaded } from './NotLoaded.tsx';
import type { SectionName } from './section-names.ts';
import { sections } from './sections.tsx';

/** One section; its program is loaded when it is first opened. */
export function SectionPane({ name, me }: { readonly name: SectionName; readonly me: Me }) {
  const { t } = useWords();
  const { Content } = sections[name];
  const loading = (
    <Center mih={240}>
      <Loader size="sm" aria-label={t('app.loading')} />
    </Center>
  );
  return (
    <NotLoaded key={name}>
      <Suspense fallback={loading}>
        <Content me={me} />
      </Suspense>
    </NotLoaded>
  );
}
