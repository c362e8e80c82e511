import { Anchor, Button } from '@mantine/core';
import type { ConnectionState } from '@offhook/phone-core';
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { useMissingPart } from '../app/missing-part.ts';
import { useDelayed } from '../app/use-delayed.ts';
import { useNow } from '../app/use-now.ts';
import { reloadPhone } from '../update/reload.ts';
import classes from './Notices.module.css';
import { troubleOf } from './trouble.ts';
import { TryNow } from './TryNow.tsx';

/** A connection that is back at once is not worth a word; the header tells of it all the same. */
const WORTH_A_WORD_MS = 1_000;

/** What stands between the person and a working phone: at most one thing, the most fundamental first. */
export function Notices() {
  const { t } = useWords();
  const phone = usePhone();
  const connection = usePhoneState((state) => state.connection);
  const again = useDelayed(isReconnecting(connection), WORTH_A_WORD_MS);
  switch (connection.name) {
    case 'waiting':
      return again ? <Reconnecting retryAt={connection.retryAt} /> : null;
    case 'connecting':
    case 'greeting':
      return again ? <Notice tone="wait" text={t('notice.reconnectingNow')} /> : null;
    case 'stopped':
      if (connection.reason === 'replaced') {
        const use = (
          <Button size="xs" variant="default" onClick={() => void phone.resume()}>
            {t('app.useThisWindow')}
          </Button>
        );
        return <Notice tone="bad" text={t('app.replaced')} action={use} />;
      }
      if (connection.reason === 'reload_needed') {
        const reload = (
          <Button size="xs" variant="default" onClick={() => void reloadPhone()}>
            {t('app.reload')}
          </Button>
        );
        return <Notice tone="bad" text={t('app.newVersion')} action={reload} />;
      }
      return null;
    case 'online':
      return <AtWork />;
    case 'idle':
      return null;
  }
}

function isReconnecting(connection: ConnectionState): boolean {
  return 'attempt' in connection && connection.attempt > 0;
}

function Reconnecting({ retryAt }: { readonly retryAt: number }) {
  const { t } = useWords();
  const seconds = Math.max(1, Math.ceil((retryAt - useNow()) / 1_000));
  return <Notice tone="wait" text={t('notice.reconnecting', { seconds })} action={<TryNow />} />;
}

/** Connected: what the telephone system lacks, else a part of the page that did not come. */
function AtWork() {
  const { t } = useWords();
  const missing = useMissingPart();
  const trouble = usePhoneState(troubleOf);
  if (trouble !== 'none' || !missing) return <TelephonySystem trouble={trouble} />;
  const reload = (
    <Button size="xs" variant="default" onClick={() => void reloadPhone()}>
      {t('app.reload')}
    </Button>
  );
  return <Notice tone="bad" text={`${t('app.partMissing')}. ${t('app.partMissing.hint')}`} action={reload} />;
}

function TelephonySystem({ trouble }: { readonly trouble: ReturnType<typeof troubleOf> }) {
  const { t } = useWords();
  const line = usePhoneState((state) => state.line);
  const number = line?.number ?? '';
  switch (trouble) {
    case 'none':
      return null;
    case 'connector_offline':
      return <Notice tone="bad" text={t('notice.connectorOffline')} action={<CheckLink />} />;
    case 'connector_none':
      return <Notice tone="bad" text={t('notice.connectorNone')} />;
    case 'no_line':
      return <Notice tone="bad" text={t('notice.noLine')} />;
    case 'line_failed':
      return (
        <Notice
          tone="bad"
          action={<CheckLink />}
          text={
            line?.reason === undefined
              ? t('notice.lineFailed', { number })
              : t('notice.lineFailedReason', { number, reason: line.reason })
          }
        />
      );
  }
}

function CheckLink() {
  const { t } = useWords();
  return (
    <Anchor href="#check" size="sm">
      {t('check.link')}
    </Anchor>
  );
}

interface NoticeProps {
  readonly tone: 'wait' | 'bad';
  readonly text: string;
  readonly action?: ReactNode;
}

function Notice({ tone, text, action }: NoticeProps) {
  const Icon = tone === 'wait' ? IconCloudOff : IconAlertTriangle;
  return (
    <div className={classes['notice']} data-tone={tone}>
      <div className={classes['inner']}>
        <Icon className={classes['icon']} size={18} stroke={1.8} />
        {/* Spoken once: a countdown that changes each second would never end. */}
        <span className={classes['text']} aria-live={tone === 'bad' ? 'polite' : 'off'}>
          {text}
        </span>
        {action}
      </div>
    </div>
  );
}
