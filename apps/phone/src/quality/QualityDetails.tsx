import type { CallId } from '@offhook/contract';
import { opinionOf, type CallQuality } from '@offhook/phone-core';
import { usePhoneState } from '../app/PhoneContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { WordKey } from '../i18n/words.ts';
import classes from './QualityDetails.module.css';
import { verdictWords } from './verdict-words.ts';

/** What was measured at the last look, a new one every two seconds, and what to do about it. */
export default function QualityDetails({ callId }: { readonly callId: CallId }) {
  const { t } = useWords();
  const quality = usePhoneState((state) => state.quality[callId]);
  const rows = useRows(quality);
  const verdict = quality?.verdict ?? 'unknown';
  return (
    <div className={classes['details']} data-testid="quality-details">
      <strong>{t(verdictWords(verdict))}</strong>
      {verdict === 'unknown' ? null : <p className={classes['todo']}>{t(`quality.todo.${verdict}`)}</p>}
      <dl className={classes['rows']}>
        {rows.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes['note']}>{t('quality.estimate.note')}</p>
    </div>
  );
}

type Row = readonly [WordKey, string];

function useRows(quality: CallQuality | undefined): readonly Row[] {
  const { t, i18n } = useWords();
  if (quality === undefined) return [];
  const { measures, estimate } = quality;
  const { path } = measures;
  const whole = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const ms = (value: number | undefined) =>
    value === undefined ? t('quality.notTold') : t('quality.ms', { value: whole.format(value) });
  const percents = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 });
  const percent = (value: number | undefined) =>
    value === undefined ? t('quality.notTold') : percents.format(value / 100);
  const rated =
    estimate === undefined
      ? t('quality.notTold')
      : t('quality.estimate.value', { r: whole.format(estimate), mos: tenths.format(opinionOf(estimate)) });
  return [
    ['quality.estimate', rated],
    ['quality.roundTrip', ms(measures.roundTripMs)],
    ['quality.jitter', ms(measures.jitterMs)],
    ['quality.lossUp', percent(measures.lossUp)],
    ['quality.lossDown', percent(measures.lossDown)],
    ['quality.concealed', percent(measures.concealed)],
    ['quality.codec', measures.codec ?? t('quality.notTold')],
    [
      'quality.path',
      path === undefined
        ? t('quality.notTold')
        : t(`quality.path.${path.kind}`, { protocol: path.protocol.toUpperCase() }),
    ],
    ...(path?.network === undefined ? [] : [['quality.network', path.network] as const]),
  ];
}
