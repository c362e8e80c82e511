import { NativeSelect } from '@mantine/core';
import { UsageReport, type UsageLine } from '@offhook/contract';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { Chart } from '../shared/Chart.tsx';
import { useListView } from '../shared/list-view.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { recentMonths, totalsOf } from './months.ts';
import { UsageExports } from './UsageExports.tsx';
import { UsageTable } from './UsageTable.tsx';
import classes from './Usage.module.css';

const PATH = '/api/provider/usage';
const MONTHS = 24;
/** Tenants in the picture; the table has all of them. */
const LARGEST = 12;

/** What all tenants have used in one month: the ground of their bills. */
export function Page() {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const [view, setView] = useListView({ sort: 'tenant' });
  const months = recentMonths(Date.now(), MONTHS);
  const { month = months[0] ?? '' } = view.filters;
  const { data, error, refetch } = useQuery({
    queryKey: ['usage', PATH, month],
    queryFn: ({ signal }) => api.get(PATH, UsageReport, { month }, signal),
  });
  return (
    <>
      <PageHeader
        title={t('usage.title')}
        hint={t('usage.provider.hint')}
        actions={<UsageExports path={PATH} month={month} />}
      />
      <div className={classes['page']}>
        <div className={classes['bar']}>
          <NativeSelect
            className={classes['month'] ?? ''}
            label={t('usage.month')}
            value={month}
            onChange={(event) => setView({ filters: { month: event.currentTarget.value } })}
            data={months.map((one) => ({ value: one, label: format.month(one) }))}
          />
          {data === undefined || data.lines.length === 0 ? null : (
            <dl className={classes['totals']}>
              {totalsOf(data.lines).map((money) => (
                <div key={money.currency}>
                  <dt>{t('usage.total')}</dt>
                  <dd>{format.money(money)}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
        {data !== undefined && data.lines.length > 1 ? (
          <Panel title={t('usage.largest')}>
            <TenantChart lines={data.lines} />
          </Panel>
        ) : null}
        <UsageTable lines={data?.lines} by="tenant" problem={error} onRetry={() => void refetch()} />
      </div>
    </>
  );
}

function TenantChart({ lines }: { readonly lines: readonly UsageLine[] }) {
  const { t } = useWords();
  const largest = lines.toSorted((a, b) => b.userMonths - a.userMonths).slice(0, LARGEST);
  return (
    <Chart
      title={t('usage.largest')}
      summary={t('usage.largest.summary', { name: largest[0]?.tenantName ?? '' })}
      labels={largest.map(({ tenantName }) => tenantName)}
      series={[
        {
          name: t('usage.userMonths'),
          tone: 'accent',
          kind: 'bars',
          values: largest.map(({ userMonths }) => userMonths),
        },
      ]}
    />
  );
}
