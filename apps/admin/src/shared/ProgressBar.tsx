import { Progress } from '@mantine/core';
import { useFormat } from '../i18n/use-format.ts';
import classes from './ProgressBar.module.css';

export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; without it, the work has no measure. */
  readonly share?: number;
  /** Such as “12,000 of 50,000 rows”. */
  readonly detail?: string;
}

/** Long work, as far as it has come. */
export function ProgressBar({ label, share, detail }: ProgressBarProps) {
  const format = useFormat();
  const percent = Math.round((share ?? 1) * 100);
  return (
    <div>
      <div className={classes['line']}>
        <span>{label}</span>
        <span className={classes['detail']}>
          {detail ?? (share === undefined ? '' : format.percent(share))}
        </span>
      </div>
      <Progress.Root size={8} radius="xl">
        <Progress.Section
          value={percent}
          animated={share === undefined}
          striped={share === undefined}
          withAria
          aria-label={label}
          {...(share === undefined ? {} : { 'aria-valuetext': format.percent(share) })}
        />
      </Progress.Root>
    </div>
  );
}
