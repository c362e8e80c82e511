import { Button } from '@mantine/core';
import type { BulkAct, ErrorCode, UserId } from '@offhook/contract';
import { errorSentences } from '@offhook/contract';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { actOnUsers, useUsersChanged } from './users.ts';

type BulkKind = BulkAct['act'];

/** What takes an act back. */
const opposites: Readonly<Partial<Record<BulkKind, BulkKind>>> = {
  disable: 'enable',
  enable: 'disable',
  delete: 'restore',
};

export interface UserBulkProps {
  readonly userIds: readonly UserId[];
  /** The list shows people who are deleted: they can come back, and nothing else. */
  readonly deleted: boolean;
  readonly onDone: () => void;
}

/** Acts on everybody who is selected. What some are refused does not keep the others from it, and is said. */
export function UserBulk({ userIds, deleted, onDone }: UserBulkProps) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const changed = useUsersChanged();
  const [busy, setBusy] = useState<BulkKind>();
  const [deleting, setDeleting] = useState(false);

  async function act(kind: BulkKind): Promise<void> {
    setBusy(kind);
    try {
      const { done, refused } = await actOnUsers(api, userIds, kind);
      const not = new Set(refused.map(({ userId }) => userId));
      const touched = userIds.filter((userId) => !not.has(userId));
      const opposite = opposites[kind];
      if (done > 0) {
        toasts.show({
          text: t(`users.bulk.${kind}.done`, { count: done }),
          ...(opposite === undefined
            ? {}
            : {
                async undo() {
                  await actOnUsers(api, touched, opposite);
                  await changed();
                },
              }),
        });
      }
      if (refused.length > 0) {
        const code = refused[0]?.code ?? '';
        const why = t(`error.${isErrorCode(code) ? code : 'internal'}`);
        toasts.show({ tone: 'bad', text: `${t('users.bulk.refused', { count: refused.length })} ${why}` });
      }
      onDone();
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(undefined);
      await changed();
    }
  }

  const button = (kind: BulkKind, onClick: () => void = () => void act(kind)) => (
    <Button
      key={kind}
      size="compact-sm"
      variant="default"
      loading={busy === kind}
      disabled={busy !== undefined && busy !== kind}
      onClick={onClick}
      {...(kind === 'delete' ? { color: 'signal' } : {})}
    >
      {t(`users.bulk.${kind}`)}
    </Button>
  );

  if (deleted) return button('restore');
  return (
    <>
      {(['invite', 'disable', 'enable', 'sign_out'] as const).map((kind) => button(kind))}
      {button('delete', () => setDeleting(true))}
      {deleting ? (
        <ConfirmByName
          title={t('users.bulk.delete.title', { count: userIds.length })}
          confirm={t('users.bulk.delete')}
          act={() => act('delete')}
          onClose={() => setDeleting(false)}
        >
          {t('users.delete.hint')}
        </ConfirmByName>
      ) : null}
    </>
  );
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorSentences, code);
