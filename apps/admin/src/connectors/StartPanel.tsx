import { Alert, Button, Loader } from '@mantine/core';
import { CreatedKey, type ConnectorDetail } from '@offhook/contract';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from '../shared/CopyField.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import classes from './Connectors.module.css';
import { connectorsKey, keysKey } from './data.ts';

/** The last step of connecting: a key, the one line that starts the connector, and the wait until it is online. */
export function StartPanel({ detail }: { readonly detail: ConnectorDetail }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const { state, startLine } = detail;
  const [secret, setSecret] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  async function createKey(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      const created = await api.ask('POST', '/api/admin/keys', CreatedKey, {
        name: state.name,
        connectorId: state.connectorId,
        scopes: ['connector'],
      });
      setSecret(created.secret);
      await queries.invalidateQueries({ queryKey: connectorsKey });
      await queries.invalidateQueries({ queryKey: keysKey });
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title={t('connectors.start')} hint={t('connectors.start.hint')}>
      <ol className={classes['steps']}>
        <li>
          <h3 className={classes['stepName']}>{t('connectors.start.key')}</h3>
          <p className={classes['stepHint']}>{t('connectors.start.key.hint')}</p>
          {secret === undefined ? (
            <Button loading={busy} onClick={() => void createKey()}>
              {t('connectors.key.create')}
            </Button>
          ) : (
            <>
              <CopyField label={t('connectors.key')} value={secret} />
              <Alert variant="light" color="amber" role="note" mt="sm">
                {t('shared.secret.once')}
              </Alert>
            </>
          )}
          <ProblemNote problem={problem} />
        </li>
        <li>
          <h3 className={classes['stepName']}>{t('connectors.start.line')}</h3>
          <p className={classes['stepHint']}>{t('connectors.start.line.hint')}</p>
          <CopyField label={t('connectors.startLine')} value={startLine} />
        </li>
        <li>
          <h3 className={classes['stepName']}>{t('connectors.start.wait')}</h3>
          <div className={classes['waiting']} role="status">
            {state.online ? (
              <>
                <IconCircleCheck size={22} color="var(--offhook-good-text)" aria-hidden="true" />
                {t('connectors.start.online')}
              </>
            ) : (
              <>
                <Loader size="sm" aria-hidden="true" />
                {t('connectors.start.waiting')}
              </>
            )}
          </div>
        </li>
      </ol>
    </Panel>
  );
}
