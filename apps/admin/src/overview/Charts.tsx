import type { Overview } from '@offhook/contract';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { Chart } from '../shared/Chart.tsx';

interface HoursProps {
  readonly hours: Overview['hours'];
}

/** Two days have each hour twice: the day goes with it. */
function useHourLabels(hours: Overview['hours']): readonly string[] {
  const { language } = useWords();
  const labels = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    hour: 'numeric',
  });
  return hours.map(({ at }) => labels.format(at));
}

export function LineChart({ hours }: HoursProps) {
  const { t } = useWords();
  const format = useFormat();
  const labels = useHourLabels(hours);
  const last = hours.at(-1);
  return (
    <Chart
      title={t('overview.lines')}
      summary={t('overview.lines.summary', {
        registered: format.number(last?.registered ?? 0),
        lines: format.number(last?.lines ?? 0),
      })}
      labels={labels}
      series={[
        {
          name: t('overview.lines.registered'),
          tone: 'good',
          kind: 'line',
          values: hours.map(({ registered }) => registered),
        },
        {
          name: t('overview.lines.all'),
          tone: 'quiet',
          kind: 'line',
          values: hours.map(({ lines }) => lines),
        },
      ]}
    />
  );
}

export function CallChart({ hours }: HoursProps) {
  const { t } = useWords();
  const format = useFormat();
  const labels = useHourLabels(hours);
  const most = Math.max(0, ...hours.map(({ calls }) => calls));
  return (
    <Chart
      title={t('overview.callsPerHour')}
      summary={t('overview.calls.summary', { most: format.number(most) })}
      labels={labels}
      series={[
        {
          name: t('overview.calls'),
          tone: 'accent',
          kind: 'bars',
          values: hours.map(({ calls }) => calls),
        },
      ]}
    />
  );
}

interface SeatChartProps {
  readonly days: Overview['seatDays'];
  readonly of: number | undefined;
}

export function SeatChart({ days, of }: SeatChartProps) {
  const { t, language } = useWords();
  const format = useFormat();
  const labels = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <Chart
      title={t('overview.seatsOverTime')}
      summary={t('overview.seats.summary', { used: format.number(days.at(-1)?.used ?? 0) })}
      labels={days.map(({ day }) => labels.format(Date.parse(day)))}
      series={[
        {
          name: t('overview.number.seats'),
          tone: 'accent',
          kind: 'line',
          values: days.map(({ used }) => used),
        },
      ]}
      {...(of === undefined ? {} : { limit: { name: t('overview.seats.limit'), value: of } })}
    />
  );
}
