import { Center, Loader } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { lazy, Suspense, use, type ReactNode } from 'react';
import { haveLaterWords, loadLaterWords } from '../i18n/i18n.ts';
import { useWords } from '../i18n/use-words.ts';
import { NotLoaded } from './NotLoaded.tsx';
import type { SectionName } from './section-names.ts';
import { sections } from './sections.tsx';

const Queries = lazy(() => import('../app/Queries.tsx'));

/** One section; its program is loaded when it is first opened. */
export function SectionPane({ name, me }: { readonly name: SectionName; readonly me: Me }) {
  const { t } = useWords();
  const { Content } = sections[name];
  const loading = (
    <Center mih={240}>
      <Loader size="sm" role="progressbar" aria-label={t('app.loading')} />
    </Center>
  );
  return (
    <NotLoaded key={name}>
      <Suspense fallback={loading}>
        <Queries>
          <WithWords>
            <Content me={me} />
          </WithWords>
        </Queries>
      </Suspense>
    </NotLoaded>
  );
}

/** Waits for what only sections say. */
function WithWords({ children }: { readonly children: ReactNode }) {
  const { i18n } = useWords();
  // Asked only while they are missing: a promise that React has not seen would clear the section for a moment, though it is settled.
  if (!haveLaterWords(i18n)) use(loadLaterWords(i18n));
  return children;
}
