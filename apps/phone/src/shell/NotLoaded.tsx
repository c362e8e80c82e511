import { Button } from '@mantine/core';
import { Blank } from '@offhook/ui';
import { IconCloudOff } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { reloadPhone } from '../update/reload.ts';

/** A part that cannot be loaded takes nothing else with it: calls go on, and a reload brings it back. */
export class NotLoaded extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
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
        <Button variant="default" size="sm" onClick={() => void reloadPhone()}>
          {t('app.reload')}
        </Button>
      }
    />
  );
}
