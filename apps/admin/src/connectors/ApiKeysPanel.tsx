import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from '../shared/CopyField.tsx';
import classes from './Connectors.module.css';
import { keysQuery } from './data.ts';
import { KeysPanel } from './KeysPanel.tsx';

/** Keys with which other programs write people: the platform's own management, and identity providers. */
export function ApiKeysPanel() {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(keysQuery(useApi()));
  const { origin } = window.location;
  return (
    <KeysPanel
      title={t('connectors.api')}
      hint={t('connectors.api.hint')}
      keys={data?.keys.filter(({ connectorId }) => connectorId === undefined)}
      problem={error}
      onRetry={() => void refetch()}
    >
      <div className={classes['addresses']}>
        <CopyField label={t('connectors.api.provisioning')} value={`${origin}/api/provisioning/v1`} />
        <CopyField label={t('connectors.api.scim')} value={`${origin}/api/scim/v2`} />
      </div>
    </KeysPanel>
  );
}
