import type { UsageLine } from '@offhook/contract';
import { IconChartBar } from '@tabler/icons-react';
import { kindNames } from '../connectors/PbxFields.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import classes from './Usage.module.css';

export interface UsageTableProps {
  readonly lines: readonly UsageLine[] | undefined;
  /** What each row is: a month of one tenant, or a tenant of one month. */
  readonly by: 'month' | 'tenant';
  readonly problem: unknown;
  readonly onRetry: () => void;
}

export function UsageTable({ lines, by, problem, onRetry }: UsageTableProps) {
  const { t, language } = useWords();
  const format = useFormat();
  const userMonths = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  const nameOf = ({ month, tenantName }: UsageLine): string =>
    by === 'month' ? format.month(month) : tenantName;
  const columns: readonly DataColumn<UsageLine>[] = [
    {
      id: by,
      title: t(by === 'month' ? 'usage.month' : 'usage.tenant'),
      narrow: 'head',
      cell: (line) => <span className={classes['name']}>{nameOf(line)}</span>,
    },
    {
      id: 'state',
      title: t('usage.state'),
      cell: ({ closed }) => (
        <StatusPill tone={closed ? 'quiet' : 'accent'}>
          {t(closed ? 'usage.closed' : 'usage.running')}
        </StatusPill>
      ),
    },
    {
      id: 'platform',
      title: t('usage.platform'),
      cell: ({ platform }) =>
        platform === 'generic-sip' ? t('connectors.kind.generic') : kindNames[platform],
    },
    { id: 'seats', title: t('usage.seats'), align: 'end', cell: ({ seats }) => format.number(seats) },
    {
      id: 'userDays',
      title: t('usage.userDays'),
      align: 'end',
      cell: ({ userDays }) => format.number(userDays),
    },
    {
      id: 'userMonths',
      title: t('usage.userMonths'),
      align: 'end',
      cell: (line) => userMonths.format(line.userMonths),
    },
    { id: 'price', title: t('usage.price'), align: 'end', cell: ({ price }) => format.money(price) },
    {
      id: 'amount',
      title: t('usage.amount'),
      align: 'end',
      cell: ({ amount, price }) => (
        <span className={classes['name']}>{format.money({ amount, currency: price.currency })}</span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('usage.title')}
      columns={columns}
      rows={lines}
      total={lines?.length}
      rowId={({ tenantId, month, platform }) => `${tenantId} ${month} ${platform}`}
      rowName={nameOf}
      problem={problem}
      onRetry={onRetry}
      empty={<EmptyState icon={IconChartBar} title={t('usage.none')} hint={t('usage.none.hint')} />}
    />
  );
}
