import { Button, Table } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useElementSize } from '@mantine/hooks';
import { useId, useState } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { labelledIndexes, ticksUpTo } from './chart-scale.ts';
import classes from './Chart.module.css';

export type ChartTone = 'accent' | 'good' | 'wait' | 'bad' | 'quiet';

export interface ChartSeries {
  readonly name: string;
  readonly tone: ChartTone;
  readonly kind: 'bars' | 'line';
  /** One for each point; `undefined`: not known. */
  readonly values: readonly (number | undefined)[];
}

export interface ChartProps {
  readonly title: string;
  /** One sentence that says what the picture says, for whoever does not see it. */
  readonly summary: string;
  /** Of each point, in words: `14:00`, `3 Nov`. */
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A dashed line, such as the seats of the subscription. */
  readonly limit?: { readonly name: string; readonly value: number };
}

const HEIGHT = 200;
const TOP = 10;
const BOTTOM = 26;
const LEFT = 44;
/** Of a letter at the size of the labels, about. */
const LETTER = 6.6;

/** Bars and lines of the theme's colours, on one axis that begins at nought; the same figures as a table at a click. */
export function Chart({ title, summary, labels, series, limit }: ChartProps) {
  const { t } = useWords();
  const [asTable, setAsTable] = useState(false);
  const empty = labels.length === 0;
  return (
    <figure className={classes['figure']} aria-label={title}>
      <figcaption className={classes['caption']}>
        <span className={classes['legend']}>
          {series.map(({ name, tone, kind }) => (
            <span key={name} className={classes['key']}>
              <span className={classes['swatch']} data-tone={tone} data-kind={kind} aria-hidden="true" />
              {name}
            </span>
          ))}
          {limit === undefined ? null : (
            <span className={classes['key']}>
              <span className={classes['swatch']} data-kind="limit" aria-hidden="true" />
              {limit.name}
            </span>
          )}
        </span>
        {empty ? null : (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={asTable ? <IconChartBar size={14} /> : <IconTable size={14} />}
            onClick={() => setAsTable(!asTable)}
          >
            {t(asTable ? 'shared.chart.chart' : 'shared.chart.table')}
          </Button>
        )}
      </figcaption>
      {empty ? (
        <p className={classes['empty']}>{t('shared.chart.empty')}</p>
      ) : asTable ? (
        <Figures title={title} labels={labels} series={series} />
      ) : (
        <Picture title={title} summary={summary} labels={labels} series={series} limit={limit} />
      )}
    </figure>
  );
}

type PictureProps = Omit<ChartProps, 'limit'> & { readonly limit: ChartProps['limit'] };

function Picture({ summary, labels, series, limit }: PictureProps) {
  const format = useFormat();
  const id = useId();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(240, measured);
  const all = series.flatMap(({ values }) => values.filter((value) => value !== undefined));
  const ticks = ticksUpTo(Math.max(0, ...all, limit?.value ?? 0));
  const top = ticks.at(-1) ?? 1;
  const plot = { width: width - LEFT - 4, height: HEIGHT - TOP - BOTTOM };
  const slot = plot.width / labels.length;
  const x = (index: number): number => LEFT + slot * (index + 0.5);
  const y = (value: number): number => TOP + plot.height * (1 - value / top);
  const bars = series.filter(({ kind }) => kind === 'bars');
  // The last label ends at its point and reaches half a label further to the left than the others.
  const room = Math.max(76, 1.5 * LETTER * Math.max(0, ...labels.map(({ length }) => length)) + 10);
  const barWidth = Math.min(26, Math.max(1.5, (slot * 0.72) / Math.max(1, bars.length)));

  return (
    <div ref={ref} className={classes['picture']}>
      <svg width="100%" height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title id={id}>{summary}</title>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={classes['grid']} x1={LEFT} x2={width - 4} y1={y(tick)} y2={y(tick)} />
            <text className={classes['axis']} x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {format.number(tick)}
            </text>
          </g>
        ))}
        {labelledIndexes(labels.length, Math.floor(plot.width / room)).map((index) => {
          // What would be cut off at the edge ends there.
          const over = x(index) + (LETTER * (labels[index]?.length ?? 0)) / 2 > width;
          return (
            <text
              key={labels[index]}
              className={classes['axis']}
              x={over ? width - 2 : x(index)}
              y={HEIGHT - 6}
              textAnchor={over ? 'end' : 'middle'}
            >
              {labels[index]}
            </text>
          );
        })}
        {bars.map(({ name, tone, values }, position) => (
          <g key={name} className={classes['bars']} data-tone={tone}>
            {values.map((value, index) =>
              value === undefined || value === 0 ? null : (
                <rect
                  key={labels[index]}
                  x={x(index) + (position - bars.length / 2) * barWidth}
                  y={y(value)}
                  width={barWidth}
                  height={Math.max(1, TOP + plot.height - y(value))}
                  rx={Math.min(3, barWidth / 3)}
                >
                  <title>{`${labels[index] ?? ''} · ${name}: ${format.number(value)}`}</title>
                </rect>
              ),
            )}
          </g>
        ))}
        {series
          .filter(({ kind }) => kind === 'line')
          .map(({ name, tone, values }) => (
            <path key={name} className={classes['line']} data-tone={tone} d={pathOf(values, x, y)} />
          ))}
        {limit === undefined ? null : (
          <line
            className={classes['limit']}
            x1={LEFT}
            x2={width - 4}
            y1={y(limit.value)}
            y2={y(limit.value)}
          />
        )}
      </svg>
    </div>
  );
}

/** A gap where nothing is known; a value alone is a dot. */
function pathOf(
  values: readonly (number | undefined)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let drawing = false;
  return values
    .map((value, index) => {
      if (value === undefined) {
        drawing = false;
        return '';
      }
      const isAlone = !drawing && values[index + 1] === undefined;
      const step = `${drawing ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}${isAlone ? 'h0' : ''}`;
      drawing = true;
      return step;
    })
    .join('');
}

function Figures({ title, labels, series }: Pick<ChartProps, 'title' | 'labels' | 'series'>) {
  const format = useFormat();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls has to be reached by the keyboard.
    <div className={classes['figures']} role="region" aria-label={title} tabIndex={0}>
      <Table fz="sm" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-hidden="true" />
            {series.map(({ name }) => (
              <Table.Th key={name} ta="end">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {labels.map((label, index) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              {series.map(({ name, values }) => (
                <Table.Td key={name} ta="end">
                  {values[index] === undefined ? '–' : format.number(values[index])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
