import { Button, Skeleton } from '@mantine/core';
import { ConnectorState, type ConnectorDetail } from '@offhook/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useNow } from '../shared/use-now.ts';
import classes from './Connectors.module.css';
import { connectorQuery, connectorsKey, pathOf } from './data.ts';
import { KeysPanel } from './KeysPanel.tsx';
import { PbxForm } from './PbxForm.tsx';
import { StartPanel } from './StartPanel.tsx';
import { conditionOf } from './state.ts';
import { TroubleNotes } from './TroubleNotes.tsx';

/** One telephone system: how its connector is now, its settings and its keys. */
export function Page() {
  const { t } = useWords();
  const { connectorId = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(connectorQuery(useApi(), connectorId));
  if (data !== undefined) return <Connector key={connectorId} detail={data} />;
  return (
    <>
      <PageHeader
        title={t('connectors.one')}
        back={{ to: '/admin/connectors', label: t('connectors.title') }}
      />
      {error === null ? (
        <div className={classes['stack']} aria-busy="true">
          <Skeleton height={130} radius="lg" />
          <Skeleton height={360} radius="lg" />
        </div>
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Connector({ detail }: { readonly detail: ConnectorDetail }) {
  const { t } = useWords();
  const { state, keys } = detail;
  const { tone, words } = conditionOf(state);
  const isNew = state.trouble.some(({ kind }) => kind === 'never_connected');
  // Who saw it being started sees it come online, too.
  const [starting] = useState(isNew);
  return (
    <>
      <PageHeader
        title={state.name}
        badge={<StatusPill tone={tone}>{t(words)}</StatusPill>}
        back={{ to: '/admin/connectors', label: t('connectors.title') }}
        {...(state.online ? { actions: <DrainButton state={state} /> } : {})}
      />
      <div className={classes['stack']}>
        {starting ? <StartPanel detail={detail} /> : null}
        {isNew ? null : <TroubleNotes trouble={state.trouble} />}
        {isNew ? null : <Facts state={state} />}
        <PbxForm detail={detail} />
        <KeysPanel
          title={t('connectors.keys')}
          hint={t('connectors.keys.hint')}
          keys={keys}
          connector={{ connectorId: state.connectorId, name: state.name }}
        />
        <DeletePanel state={state} />
      </div>
    </>
  );
}

function DrainButton({ state }: { readonly state: ConnectorState }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [busy, setBusy] = useState(false);
  const { connectorId, draining } = state;

  async function act(what: 'drain' | 'resume'): Promise<void> {
    await api.ask('POST', `${pathOf(connectorId)}/${what}`, ConnectorState, {});
    await queries.invalidateQueries({ queryKey: connectorsKey });
  }
  async function press(): Promise<void> {
    setBusy(true);
    try {
      await act(draining ? 'resume' : 'drain');
      toasts.show(
        draining
          ? { text: t('connectors.resumed') }
          : { text: t('connectors.drained'), undo: () => act('resume') },
      );
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button variant={draining ? 'filled' : 'default'} loading={busy} onClick={() => void press()}>
      {t(draining ? 'connectors.resume' : 'connectors.drain')}
    </Button>
  );
}

function Facts({ state }: { readonly state: ConnectorState }) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const { online, since, version, address, platform, lines, registered, calls } = state;
  // Without a line nobody has asked the platform yet: that is not known, rather than bad.
  const isUnreachable = state.trouble.some(({ kind }) => kind === 'platform_unreachable');
  const facts: readonly (readonly [string, string | undefined])[] = [
    [
      t(online ? 'connectors.since' : 'connectors.lastSeen'),
      since === undefined ? undefined : online ? format.dateTime(since) : format.relative(since, now),
    ],
    [
      t('connectors.lines'),
      lines === undefined || registered === undefined
        ? undefined
        : t('connectors.lines.of', { registered: format.number(registered), lines: format.number(lines) }),
    ],
    [t('connectors.calls'), calls === undefined ? undefined : format.number(calls)],
    [
      t('connectors.platform'),
      platform === undefined
        ? undefined
        : [platform.product, platform.version].filter((part) => part !== undefined).join(' ') || undefined,
    ],
    [
      t('connectors.reached'),
      platform === undefined || !online || (!platform.reached && !isUnreachable)
        ? undefined
        : t(platform.reached ? 'connectors.reached.yes' : 'connectors.reached.no'),
    ],
    [
      t('connectors.cti'),
      platform === undefined || !online ? undefined : t(`connectors.cti.${platform.cti}`),
    ],
    [t('connectors.version'), version],
    [t('connectors.address'), address],
  ];
  return (
    <Panel title={t('connectors.now')}>
      <dl className={classes['facts']}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function DeletePanel({ state: { connectorId, name } }: { readonly state: ConnectorState }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);

  async function remove(typed: string): Promise<void> {
    await api.send('DELETE', pathOf(connectorId), { name: typed });
    toasts.show({ text: t('connectors.deleted', { name }) });
    await navigate({ to: '/admin/connectors' });
    queries.removeQueries({ queryKey: [...connectorsKey, connectorId] });
    await queries.invalidateQueries({ queryKey: connectorsKey });
  }

  return (
    <Panel title={t('connectors.delete')}>
      <div className={classes['danger']}>
        <p>{t('connectors.delete.hint')}</p>
        <Button variant="outline" color="signal" onClick={() => setAsking(true)}>
          {t('connectors.delete')}
        </Button>
      </div>
      {asking ? (
        <ConfirmByName
          title={t('connectors.delete.title')}
          name={name}
          confirm={t('connectors.delete')}
          act={remove}
          onClose={() => setAsking(false)}
        >
          {t('connectors.delete.sure')}
        </ConfirmByName>
      ) : null}
    </Panel>
  );
}
