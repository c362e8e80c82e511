import { ActionIcon, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { PasskeyChallenge, type Account } from '@offhook/contract';
import { IconFingerprint, IconTrash } from '@tabler/icons-react';
import { useState, type SubmitEvent } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useNow } from '../shared/use-now.ts';
import { useAccountChanged } from './own-account.ts';
import { usePasskeys } from './passkeys-context.ts';
import classes from './SecurityPage.module.css';

type Passkey = Account['passkeys'][number];

export function PasskeySection({ account }: { readonly account: Account }) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const passkeys = usePasskeys();
  const changed = useAccountChanged();
  const [busy, setBusy] = useState(false);
  const [created, setCreated] = useState<{ ticket: string; response: unknown }>();
  const [removing, setRemoving] = useState<Passkey>();
  const supported = passkeys.supported();

  async function add(): Promise<void> {
    setBusy(true);
    try {
      const { ticket, options } = await api.ask('POST', '/api/account/passkeys/options', PasskeyChallenge);
      const outcome = await passkeys.create(options);
      switch (outcome.name) {
        case 'given':
          setCreated({ ticket, response: outcome.response });
          break;
        case 'known':
          toasts.show({ tone: 'bad', text: t('account.passkeys.known') });
          break;
        case 'failed':
          toasts.show({ tone: 'bad', text: t('account.passkeys.failed') });
          break;
        case 'cancelled':
          break;
      }
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel
      title={t('account.passkeys.title')}
      hint={supported ? t('account.passkeys.hint') : t('account.passkeys.unsupported')}
      flush
      {...(supported
        ? {
            actions: (
              <Button variant="default" loading={busy} onClick={() => void add()}>
                {t('account.passkeys.add')}
              </Button>
            ),
          }
        : {})}
    >
      {account.passkeys.length === 0 ? (
        <p className={classes['empty']}>{t('account.passkeys.none')}</p>
      ) : (
        <ul className={classes['list']}>
          {account.passkeys.map((passkey) => (
            <PasskeyRow key={passkey.passkeyId} passkey={passkey} onRemove={() => setRemoving(passkey)} />
          ))}
        </ul>
      )}
      {created === undefined ? null : (
        <NameDialog
          onClose={() => setCreated(undefined)}
          save={async (name) => {
            await api.send('POST', '/api/account/passkeys', { ...created, name });
            await changed();
            toasts.show({ text: t('account.passkeys.added') });
          }}
        />
      )}
      {removing === undefined ? null : (
        <ConfirmByName
          title={t('account.passkeys.remove.title')}
          confirm={t('shared.remove')}
          act={async () => {
            await api.send('DELETE', `/api/account/passkeys/${encodeURIComponent(removing.passkeyId)}`);
            await changed();
          }}
          onClose={() => setRemoving(undefined)}
        >
          {t('account.passkeys.remove.hint', { name: removing.name })}
        </ConfirmByName>
      )}
    </Panel>
  );
}

function PasskeyRow({ passkey, onRemove }: { readonly passkey: Passkey; readonly onRemove: () => void }) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const { name, createdAt, lastUsedAt } = passkey;
  return (
    <li className={classes['row']}>
      <IconFingerprint size={24} stroke={1.5} aria-hidden="true" />
      <div className={classes['words']}>
        <div className={classes['name']}>{name}</div>
        <div className={classes['detail']}>
          {t('account.passkeys.created', { when: format.date(createdAt) })}
          {' · '}
          {lastUsedAt === undefined
            ? t('account.passkeys.unused')
            : t('account.passkeys.used', { when: format.relative(lastUsedAt, now) })}
        </div>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={t('account.passkeys.remove', { name })}
        onClick={onRemove}
      >
        <IconTrash size={18} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}

interface NameDialogProps {
  readonly save: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

/** The device has made it; it is ours once it has a name. */
function NameDialog({ save, onClose }: NameDialogProps) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy || name.trim() === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      await save(name.trim());
      onClose();
    } catch (thrown) {
      setProblem(thrown);
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={t('account.passkeys.add')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('account.passkeys.name')}
            description={t('account.passkeys.name.hint')}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <ProblemNote problem={problem} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={name.trim() === ''}>
              {t('shared.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
