import { Button, Skeleton } from '@mantine/core';
import { CreatedKey, type ApiKey, type ConnectorId } from '@offhook/contract';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { CopyField } from '../shared/CopyField.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { SecretOnce } from '../shared/SecretOnce.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useNow } from '../shared/use-now.ts';
import classes from './Connectors.module.css';
import { connectorsKey, keysKey } from './data.ts';
import { NewKeyDialog, RegenerateDialog } from './KeyDialogs.tsx';

export interface KeysPanelProps {
  readonly title: string;
  readonly hint: string;
  readonly keys: readonly ApiKey[] | undefined;
  readonly problem?: unknown;
  readonly onRetry?: () => void;
  /** Whose keys these are; absent: keys of other programs. */
  readonly connector?: { readonly connectorId: ConnectorId; readonly name: string };
  readonly children?: ReactNode;
}

type Asking = { readonly what: 'create' } | { readonly what: 'regenerate' | 'revoke'; readonly key: ApiKey };

/** Keys with what each is for and when it was used last. A new one is shown once. */
export function KeysPanel(props: KeysPanelProps) {
  const { title, hint, keys, problem, onRetry, connector, children } = props;
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [asking, setAsking] = useState<Asking>();
  const [created, setCreated] = useState<CreatedKey>();

  async function renew(): Promise<void> {
    await Promise.all([
      queries.invalidateQueries({ queryKey: keysKey }),
      queries.invalidateQueries({ queryKey: connectorsKey }),
    ]);
  }
  async function make(path: string, body: object): Promise<void> {
    setCreated(await api.ask('POST', path, CreatedKey, body));
    await renew();
  }
  async function revoke(key: ApiKey): Promise<void> {
    await api.send('DELETE', keyPath(key));
    await renew();
    toasts.show({ text: t('connectors.key.revoked.done', { name: key.name }) });
  }

  return (
    <Panel
      title={title}
      hint={hint}
      flush
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          onClick={() => setAsking({ what: 'create' })}
        >
          {t('connectors.key.create')}
        </Button>
      }
    >
      {children}
      {problem !== undefined && problem !== null && keys === undefined ? (
        <div className={classes['note']}>
          <ProblemNote problem={problem} {...(onRetry === undefined ? {} : { onRetry })} />
        </div>
      ) : keys === undefined ? (
        <div className={classes['note']} aria-busy="true">
          <Skeleton height={14} width="50%" radius="xl" my={8} />
        </div>
      ) : keys.length === 0 ? (
        <p className={classes['note']}>{t('connectors.keys.none')}</p>
      ) : (
        <ul className={classes['keys']}>
          {keys.map((key) => (
            <KeyRow key={key.keyId} apiKey={key} onAsk={setAsking} />
          ))}
        </ul>
      )}
      {asking?.what === 'create' ? (
        <NewKeyDialog
          {...(connector === undefined ? {} : { connector })}
          act={(request) => make('/api/admin/keys', request)}
          onClose={() => setAsking(undefined)}
        />
      ) : asking?.what === 'regenerate' ? (
        <RegenerateDialog
          name={asking.key.name}
          act={(graceHours) => make(`${keyPath(asking.key)}/regenerate`, { graceHours })}
          onClose={() => setAsking(undefined)}
        />
      ) : asking?.what === 'revoke' ? (
        <ConfirmByName
          title={t('connectors.key.revoke.title', { name: asking.key.name })}
          confirm={t('connectors.key.revoke')}
          act={() => revoke(asking.key)}
          onClose={() => setAsking(undefined)}
        >
          {t('connectors.key.revoke.hint')}
        </ConfirmByName>
      ) : null}
      {created === undefined ? null : (
        <SecretOnce
          title={t('connectors.key.created', { name: created.key.name })}
          secret={{ label: t('connectors.key'), value: created.secret }}
          onDone={() => setCreated(undefined)}
        >
          {created.startLine === undefined ? null : (
            <CopyField
              label={t('connectors.startLine')}
              description={t('connectors.startLine.hint')}
              value={created.startLine}
            />
          )}
        </SecretOnce>
      )}
    </Panel>
  );
}

const keyPath = ({ keyId }: ApiKey): string => `/api/admin/keys/${encodeURIComponent(keyId)}`;

function KeyRow({ apiKey, onAsk }: { readonly apiKey: ApiKey; readonly onAsk: (asking: Asking) => void }) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const { name, hint, scopes, createdAt, lastUsedAt, expiresAt, revokedAt, connectorId } = apiKey;
  const dead = revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= now);
  return (
    <li className={classes['key']}>
      <div className={classes['keyWords']}>
        <div className={classes['keyName']}>
          {name}
          {revokedAt !== undefined ? (
            <StatusPill tone="quiet">{t('connectors.key.revoked')}</StatusPill>
          ) : expiresAt === undefined ? null : (
            <StatusPill tone={dead ? 'quiet' : 'wait'}>
              {dead
                ? t('connectors.key.expired')
                : t('connectors.key.until', { when: format.dateTime(expiresAt) })}
            </StatusPill>
          )}
        </div>
        <div className={classes['sub']}>
          {[
            `${hint}…`,
            ...(connectorId === undefined ? scopes.map((scope) => t(`connectors.scope.${scope}`)) : []),
            t('connectors.key.made', { when: format.date(createdAt) }),
            lastUsedAt === undefined
              ? t('connectors.key.unused')
              : t('connectors.key.used', { when: format.relative(lastUsedAt, now) }),
          ].join(' · ')}
        </div>
      </div>
      {dead ? null : (
        <div className={classes['keyActs']}>
          {expiresAt === undefined ? (
            <Button
              size="xs"
              variant="default"
              onClick={() => onAsk({ what: 'regenerate', key: apiKey })}
              aria-label={`${t('connectors.key.regenerate')}: ${name}`}
            >
              {t('connectors.key.regenerate')}
            </Button>
          ) : null}
          <Button
            size="xs"
            variant="default"
            onClick={() => onAsk({ what: 'revoke', key: apiKey })}
            aria-label={`${t('connectors.key.revoke')}: ${name}`}
          >
            {t('connectors.key.revoke')}
          </Button>
        </div>
      )}
    </li>
  );
}
