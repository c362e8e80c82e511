import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from './ProblemNote.tsx';

export interface ConfirmByNameProps {
  readonly title: string;
  /** What will happen, and whether it can be taken back. */
  readonly children: ReactNode;
  /** What has to be typed exactly; without it, the button alone confirms. */
  readonly name?: string;
  /** The act, as its button says it: “Delete user”. */
  readonly confirm: string;
  /** Rejects with what went wrong, which is then shown here; closes when it is done. */
  readonly act: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** A destructive act is confirmed by the name of what goes. */
export function ConfirmByName({ title, children, name, confirm, act, onClose }: ConfirmByNameProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const matches = name === undefined || typed.trim() === name.trim();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!matches || busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await act(name ?? '');
      onClose();
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={busy ? () => undefined : onClose} title={title} radius="lg" centered>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <Text component="div" size="sm" lh={1.55}>
            {children}
          </Text>
          {name === undefined ? null : (
            <TextInput
              label={t('shared.confirm.type', { name })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          <ProblemNote problem={problem} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" color="signal" loading={busy} disabled={!matches}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
