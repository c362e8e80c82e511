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
import { UsageExports } from './UsageExports.tsx';
import { UsageTable } from './UsageTable.tsx';
import classes from './Usage.module.css';

const PATH = '/api/admin/usage';

/** What the company's subscription has been used for, month by month. */
export function Page() {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const [view, setView] = useListView({ sort: 'month' });
  const { month = '' } = view.filters;
  const { data, error, refetch } = useQuery({
    queryKey: ['usage', PATH],
    queryFn: ({ signal }) => api.get(PATH, UsageReport, {}, signal),
  });
  const months = [...new Set(data?.lines.map((line) => line.month))];
  const shown = data?.lines.filter((line) => month === '' || line.month === month);
  const zone = data?.lines[0]?.timeZone;
  return (
    <>
      <PageHeader
        title={t('usage.title')}
        hint={zone === undefined ? t('usage.hint') : `${t('usage.hint')} ${t('usage.zone', { zone })}`}
        actions={<UsageExports path={PATH} month={month} />}
      />
      <div className={classes['page']}>
        {data !== undefined && months.length > 1 ? (
          <Panel title={t('usage.chart')}>
            <MonthChart lines={data.lines.toReversed()} />
          </Panel>
        ) : null}
        {months.length > 1 ? (
          <NativeSelect
            className={classes['month'] ?? ''}
            label={t('usage.month')}
            value={month}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              setView({ filters: chosen === '' ? {} : { month: chosen } });
            }}
            data={[
              { value: '', label: t('usage.month.all') },
              ...months.map((one) => ({ value: one, label: format.month(one) })),
            ]}
          />
        ) : null}
        <UsageTable lines={shown} by="month" problem={error} onRetry={() => void refetch()} />
      </div>
    </>
  );
}

function MonthChart({ lines }: { readonly lines: readonly UsageLine[] }) {
  const { t, language } = useWords();
  const format = useFormat();
  const labels = new Intl.DateTimeFormat(language, { month: 'short', year: '2-digit', timeZone: 'UTC' });
  const last = lines.at(-1);
  return (
    <Chart
      title={t('usage.chart')}
      summary={t('usage.chart.summary', { used: format.number(last?.userMonths ?? 0) })}
      labels={lines.map(({ month }) => labels.format(Date.parse(`${month}-01`)))}
      series={[
        {
          name: t('usage.userMonths'),
          tone: 'accent',
          kind: 'bars',
          values: lines.map(({ userMonths }) => userMonths),
        },
        { name: t('usage.seats'), tone: 'quiet', kind: 'line', values: lines.map(({ seats }) => seats) },
      ]}
    />
  );
}
