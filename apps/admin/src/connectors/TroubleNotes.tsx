import { Alert } from '@mantine/core';
import type { ConnectorState } from '@offhook/contract';
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { severityOf } from './state.ts';
import classes from './Connectors.module.css';

/** What is wrong with a connector, the worst first, each with what to do about it. */
export function TroubleNotes({ trouble }: { readonly trouble: ConnectorState['trouble'] }) {
  const { t } = useWords();
  const format = useFormat();
  if (trouble.length === 0) return null;
  return (
    <div className={classes['troubles']}>
      {trouble.map(({ kind, detail }) => {
        const bad = severityOf(kind) === 'bad';
        const when = kind === 'key_expiring' && detail !== undefined ? Date.parse(detail) : Number.NaN;
        const said = Number.isNaN(when) ? detail : format.dateTime(when);
        return (
          <Alert
            key={kind}
            variant="light"
            color={bad ? 'signal' : 'amber'}
            icon={bad ? <IconAlertCircle /> : <IconAlertTriangle />}
            title={t(`connectors.trouble.${kind}`)}
            radius="md"
            role="note"
          >
            {t(`connectors.trouble.${kind}.do`)}
            {said === undefined ? null : <div className={classes['said']}>{said}</div>}
          </Alert>
        );
      })}
    </div>
  );
}
