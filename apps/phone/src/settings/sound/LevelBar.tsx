import { useWords } from '../../i18n/use-words.ts';
import classes from './SoundSettings.module.css';

/** Below is silence to anybody; full scale is 0. */
const LOWEST_DB = -60;

export function LevelBar({ db }: { readonly db: number }) {
  const { t } = useWords();
  const percent = Math.round(100 * Math.min(1, Math.max(0, 1 - db / LOWEST_DB)));
  return (
    <div
      role="meter"
      aria-label={t('sound.level')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={classes['level']}
    >
      <div className={classes['bar']} style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  );
}
