import { Popover } from '@mantine/core';
import type { CallId } from '@offhook/contract';
import type { ReactElement } from 'react';
import { useWords } from '../i18n/use-words.ts';
import QualityDetails from './QualityDetails.tsx';

export interface QualityPopoverProps {
  readonly callId: CallId;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The button it belongs to. */
  readonly target: ReactElement;
}

/** A call's numbers. */
export function QualityPopover({ callId, opened, onClose, target }: QualityPopoverProps) {
  const { t } = useWords();
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      width={320}
      position="bottom"
      radius="lg"
      shadow="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown aria-label={t('quality.details')}>
        <QualityDetails callId={callId} />
      </Popover.Dropdown>
    </Popover>
  );
}
