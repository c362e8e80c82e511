import { Button, Skeleton } from '@mantine/core';
import type { SessionList } from '@offhook/contract';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useNow } from '../shared/use-now.ts';
import { sessionsQuery } from './own-account.ts';
import classes from './SecurityPage.module.css';

type OneSession = SessionList['sessions'][number];

/** Every place where the person is signed in; each can be ended from here. */
export function SessionSection() {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const query = sessionsQuery(api);
  const { data, error, refetch } = useQuery(query);
  const [ending, setEnding] = useState<string>();
  const others = data?.sessions.some(({ current }) => !current) === true;

  async function end(path: string, said: string): Promise<void> {
    setEnding(path);
    try {
      await api.send('DELETE', path);
      await queries.invalidateQueries({ queryKey: query.queryKey });
      toasts.show({ text: said });
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setEnding(undefined);
    }
  }

  return (
    <Panel
      title={t('account.sessions.title')}
      hint={t('account.sessions.hint')}
      flush
      {...(others
        ? {
            actions: (
              <Button
                variant="default"
                loading={ending === '/api/account/sessions'}
                onClick={() => void end('/api/account/sessions', t('account.sessions.othersEnded'))}
              >
                {t('account.sessions.signOutOthers')}
              </Button>
            ),
          }
        : {})}
    >
      {error !== null && data === undefined ? (
        <div className={classes['empty']}>
          <ProblemNote problem={error} onRetry={() => void refetch()} />
        </div>
      ) : data === undefined ? (
        <div className={classes['empty']} aria-busy="true">
          <Skeleton height={14} width="60%" radius="xl" my={8} />
          <Skeleton height={14} width="45%" radius="xl" my={8} />
        </div>
      ) : (
        <ul className={classes['list']}>
          {data.sessions.map((session) => {
            const path = `/api/account/sessions/${encodeURIComponent(session.sessionId)}`;
            return (
              <SessionRow
                key={session.sessionId}
                session={session}
                busy={ending === path}
                onEnd={() => void end(path, t('account.sessions.ended'))}
              />
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

interface SessionRowProps {
  readonly session: OneSession;
  readonly busy: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ session, busy, onEnd }: SessionRowProps) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const { agent = t('account.sessions.unknown'), address, method, current, lastSeenAt } = session;
  const Icon = /android|iphone|ipad|mobile/iu.test(agent) ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li className={classes['row']}>
      <Icon size={24} stroke={1.5} aria-hidden="true" />
      <div className={classes['words']}>
        <div className={classes['name']}>
          {agent}
          {current ? <StatusPill tone="good">{t('account.sessions.current')}</StatusPill> : null}
        </div>
        <div className={classes['detail']}>
          {[
            t(`account.method.${method}`),
            ...(address === undefined ? [] : [address]),
            t('account.sessions.seen', { when: format.relative(lastSeenAt, now) }),
          ].join(' · ')}
        </div>
      </div>
      {current ? null : (
        <Button
          size="xs"
          variant="default"
          loading={busy}
          onClick={onEnd}
          aria-label={t('account.sessions.signOutOne', { name: agent })}
        >
          {t('account.sessions.signOut')}
        </Button>
      )}
    </li>
  );
}
