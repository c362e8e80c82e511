import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from './CopyField.tsx';

export interface SecretOnceProps {
  readonly title: string;
  readonly secret: { readonly label: string; readonly value: string };
  /** Where it goes: one more line to copy, such as the command that starts a connector. */
  readonly children?: ReactNode;
  readonly onDone: () => void;
}

/** A secret that is never shown again: it stays until the person says that they have it. No click beside it and no Escape closes it. */
export function SecretOnce({ title, secret, children, onDone }: SecretOnceProps) {
  const { t } = useWords();
  const [kept, setKept] = useState(false);
  return (
    <Modal
      opened
      onClose={onDone}
      title={title}
      size="lg"
      radius="lg"
      centered
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Stack gap="md">
        <Alert variant="light" color="amber" icon={<IconEyeOff />} role="note">
          {t('shared.secret.once')}
        </Alert>
        <CopyField label={secret.label} value={secret.value} />
        {children}
        <Checkbox
          label={t('shared.secret.kept')}
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
        />
        <Group justify="flex-end" align="center">
          {kept ? null : (
            <Text size="sm" c="dimmed">
              {t('shared.secret.confirmFirst')}
            </Text>
          )}
          <Button onClick={onDone} disabled={!kept}>
            {t('shared.done')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
