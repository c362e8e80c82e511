import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useCopied } from '../shared/use-copied.ts';
import classes from './RecoveryCodesDialog.module.css';

export interface RecoveryCodesDialogProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

/** Shown this once: copied, printed or downloaded, and then acknowledged. */
export function RecoveryCodesDialog({ codes, onDone }: RecoveryCodesDialogProps) {
  const { t } = useWords();
  const [kept, setKept] = useState(false);
  const title = t('account.codes.title');
  const text = `Offhook · ${title}\n\n${codes.join('\n')}\n`;
  const { copied, copy } = useCopied(codes.join('\n'));
  return (
    <Modal
      opened
      onClose={onDone}
      title={title}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <Text size="sm">{t('account.codes.hint')}</Text>
        <ul className={classes['codes']}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={() => void copy()}
          >
            {t(copied ? 'shared.copied' : 'shared.copy')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} />}
            onClick={() => download(text)}
          >
            {t('shared.download')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPrinter size={16} />}
            onClick={() => print(text)}
          >
            {t('shared.print')}
          </Button>
        </Group>
        <Checkbox
          label={t('account.codes.kept')}
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button onClick={onDone} disabled={!kept}>
            {t('shared.done')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'offhook-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(url);
}

/** Only the codes go on the paper: `app/styles.css` hides the rest from printers. */
function print(text: string): void {
  const sheet = document.createElement('pre');
  sheet.className = 'offhook-print';
  sheet.textContent = text;
  document.body.append(sheet);
  window.print();
  sheet.remove();
}
