import { Button, Center, Loader } from '@mantine/core';
import type { Me } from '@offhook/contract';
import { Blank } from '@offhook/ui';
import { IconCloudOff } from '@tabler/icons-react';
import { Component, Suspense, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
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

/** A part that cannot be loaded takes nothing else with it: calls go on, and a reload brings it back. */
class NotLoaded extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const { t } = useWords();
  return (
    <Blank
      icon={<IconCloudOff size={36} stroke={1.5} />}
      title={t('app.partMissing')}
      hint={t('app.partMissing.hint')}
      action={
        <Button variant="default" size="sm" onClick={() => window.location.reload()}>
          {t('app.reload')}
        </Button>
      }
    />
  );
}
