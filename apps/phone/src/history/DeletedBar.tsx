import { ActionIcon, Button } from '@mantine/core';
import type { HistoryEntry } from '@offhook/contract';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { usePhone } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { partyWords } from '../words/party.ts';
import classes from './HistoryPanel.module.css';

/** What was deleted, with its undoing: it stays until it is put away, for nobody likes to be hurried. */
export function DeletedBar({ entry, onDone }: { readonly entry: HistoryEntry; readonly onDone: () => void }) {
  const { t } = useWords();
  const { history } = usePhone();
  const [state, setState] = useState<'still' | 'busy' | 'failed'>('still');
  const who = partyWords(entry.remote).title ?? t('call.unknownCaller');
  const undo = async (): Promise<void> => {
    setState('busy');
    try {
      await history.change(entry.recordId, { deleted: false });
      onDone();
    } catch {
      setState('failed');
    }
  };
  return (
    <div className={classes['deleted']} role="status">
      <span className={classes['deletedWords']}>
        {t(state === 'failed' ? 'history.actFailed' : 'history.deleted', { who })}
      </span>
      <Button size="compact-sm" variant="subtle" loading={state === 'busy'} onClick={() => void undo()}>
        {t('history.undo')}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={28}
        radius="xl"
        aria-label={t('app.dismiss')}
        onClick={onDone}
      >
        <IconX size={16} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}
