import { Skeleton } from '@mantine/core';
import type { Overview } from '@offhook/contract';
import { IconArrowRight, IconCircleCheck, IconCircleDashed, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { isInBuild } from '../app/pages.ts';
import { conditionOf } from '../connectors/state.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { EmptyState } from '../shared/EmptyState.tsx';
import { LinkAnchor, LinkButton } from '../shared/links.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { CallChart, LineChart, SeatChart } from './Charts.tsx';
import { overviewQuery } from './data.ts';
import classes from './Overview.module.css';

type Step = Overview['guide'][number]['step'];

/** How the company's telephony is today, and what is still to be set up. */
export function Page() {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(overviewQuery(useApi()));
  return (
    <>
      <PageHeader title={t('overview.title')} hint={t('overview.hint')} />
      {data !== undefined ? (
        <Contents overview={data} />
      ) : error === null ? (
        <div className={classes['page']} aria-busy="true">
          <Skeleton height={110} radius="lg" />
          <Skeleton height={220} radius="lg" />
          <Skeleton height={280} radius="lg" />
        </div>
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Contents({ overview }: { readonly overview: Overview }) {
  const { t } = useWords();
  const { guide, connectors } = overview;
  return (
    <div className={classes['page']}>
      {guide.some(({ done }) => !done) ? <Guide guide={guide} /> : null}
      <Numbers overview={overview} />
      <Connectors connectors={connectors} />
      <Panel title={t('overview.lines')} hint={t('overview.lastHours')}>
        <LineChart hours={overview.hours} />
      </Panel>
      <div className={classes['pair']}>
        <Panel title={t('overview.callsPerHour')} hint={t('overview.lastHours')}>
          <CallChart hours={overview.hours} />
        </Panel>
        <Panel title={t('overview.seatsOverTime')} hint={t('overview.lastDays')}>
          <SeatChart days={overview.seatDays} of={overview.seats.of} />
        </Panel>
      </div>
    </div>
  );
}

/** Where each step of the guide is done. */
const places: Readonly<Record<Step, { readonly to: string; readonly file: string; readonly isNew?: true }>> =
  {
    platform: { to: '/admin/connectors', file: 'connectors/ConnectorsPage', isNew: true },
    connector: { to: '/admin/connectors', file: 'connectors/ConnectorsPage' },
    users: { to: '/admin/users', file: 'users/UsersPage' },
    sign_in: { to: '/admin/sign-in', file: 'sso/SsoPage' },
    support: { to: '/admin/settings', file: 'settings/SettingsPage' },
  };

function Guide({ guide }: { readonly guide: Overview['guide'] }) {
  const { t } = useWords();
  const done = guide.filter((one) => one.done).length;
  const next = guide.find((one) => !one.done)?.step;
  return (
    <Panel title={t('overview.guide')} hint={t('overview.guide.done', { done, steps: guide.length })} flush>
      <ol className={classes['guide']}>
        {guide.map(({ step, done: isDone }) => {
          const { to, file, isNew } = places[step];
          return (
            <li key={step} className={classes['step']} data-done={isDone || undefined}>
              {isDone ? (
                <IconCircleCheck size={24} stroke={1.7} aria-hidden="true" />
              ) : (
                <IconCircleDashed size={24} stroke={1.7} aria-hidden="true" />
              )}
              <div className={classes['stepWords']}>
                <div className={classes['stepName']}>
                  {t(`overview.step.${step}`)}
                  <span className={classes['stepState']}>
                    {t(isDone ? 'overview.step.done' : 'overview.step.open')}
                  </span>
                </div>
                {isDone ? null : <div className={classes['sub']}>{t(`overview.step.${step}.hint`)}</div>}
              </div>
              {isDone || !isInBuild(file) ? null : (
                <LinkButton
                  to={to}
                  search={isNew === true ? { new: '1' } : {}}
                  size="sm"
                  variant={step === next ? 'filled' : 'default'}
                  rightSection={<IconArrowRight size={16} aria-hidden="true" />}
                  aria-label={`${t('overview.step.begin')}: ${t(`overview.step.${step}`)}`}
                >
                  {t('overview.step.begin')}
                </LinkButton>
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

function Numbers({ overview: { connectors, users, seats } }: { readonly overview: Overview }) {
  const { t } = useWords();
  const format = useFormat();
  const sum = (of: (connector: Overview['connectors'][number]) => number | undefined): number =>
    connectors.reduce((total, connector) => total + (of(connector) ?? 0), 0);
  const lines = sum((connector) => connector.lines);
  const full = seats.of !== undefined && seats.used >= seats.of;
  const numbers = [
    {
      id: 'lines',
      value: sum(({ registered }) => registered),
      detail: t('overview.of', { total: format.number(lines) }),
    },
    { id: 'calls', value: sum(({ calls }) => calls), detail: t('overview.rightNow') },
    {
      id: 'users',
      value: users.active,
      detail: t('overview.users.detail', {
        invited: format.number(users.invited),
        disabled: format.number(users.disabled),
      }),
    },
    {
      id: 'seats',
      value: seats.used,
      detail:
        seats.of === undefined
          ? t('overview.seats.unlimited')
          : full
            ? t('overview.seats.full', { total: format.number(seats.of) })
            : t('overview.of', { total: format.number(seats.of) }),
    },
  ] as const;
  return (
    <dl className={classes['numbers']}>
      {numbers.map(({ id, value, detail }) => (
        <div key={id} className={classes['number']} data-warn={(id === 'seats' && full) || undefined}>
          <dt>{t(`overview.number.${id}`)}</dt>
          <dd>
            <span className={classes['figure']}>{format.number(value)}</span>
            <span className={classes['sub']}>{detail}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Connectors({ connectors }: Pick<Overview, 'connectors'>) {
  const { t } = useWords();
  const format = useFormat();
  if (connectors.length === 0) {
    return (
      <Panel title={t('connectors.title')}>
        <EmptyState
          icon={IconPlugConnected}
          title={t('connectors.none')}
          hint={t('connectors.none.hint')}
          action={
            <LinkButton to="/admin/connectors" search={{ new: '1' }}>
              {t('connectors.connect')}
            </LinkButton>
          }
        />
      </Panel>
    );
  }
  return (
    <Panel title={t('connectors.title')} flush>
      <ul className={classes['list']}>
        {connectors.map((connector) => {
          const { connectorId, name, lines, registered, trouble } = connector;
          const { tone, words } = conditionOf(connector);
          const [first] = trouble;
          const said = [
            ...(lines === undefined || registered === undefined
              ? []
              : [
                  t('overview.linesOf', {
                    registered: format.number(registered),
                    lines: format.number(lines),
                  }),
                ]),
            ...(first === undefined ? [] : [t(`connectors.trouble.${first.kind}`)]),
          ];
          return (
            <li key={connectorId} className={classes['row']}>
              <div className={classes['stepWords']}>
                <LinkAnchor
                  to="/admin/connectors/$connectorId"
                  params={{ connectorId }}
                  className={classes['name'] ?? ''}
                >
                  {name}
                </LinkAnchor>
                <div className={classes['sub']}>{said.join(' · ')}</div>
              </div>
              <StatusPill tone={tone}>{t(words)}</StatusPill>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
