import { Skeleton, Switch } from '@mantine/core';
import { ProviderSettings } from '@offhook/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { sessionKey } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useAct } from '../shared/use-act.ts';
import { SAFETY, safetyQuery } from './team.ts';

/** What is demanded of the provider's own people. */
export function SafetyPanel() {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const query = safetyQuery(api);
  const { data, error, refetch } = useQuery(query);
  const act = useAct();

  async function demand(secondFactorRequired: boolean): Promise<void> {
    await act.run(async () => {
      const after = await api.ask('PATCH', SAFETY, ProviderSettings, { secondFactorRequired });
      queries.setQueryData(query.queryKey, after);
      toasts.show({ text: t(secondFactorRequired ? 'team.secondFactor.on' : 'team.secondFactor.off') });
      // Who has none goes and sets it up.
      await queries.invalidateQueries({ queryKey: sessionKey });
    });
  }

  return (
    <Panel title={t('team.safety')} hint={t('team.safety.hint')}>
      {data !== undefined ? (
        <Switch
          checked={data.secondFactorRequired}
          disabled={act.busy}
          label={t('team.secondFactor')}
          description={t('team.secondFactor.hint')}
          onChange={(event) => void demand(event.currentTarget.checked)}
        />
      ) : error === null ? (
        <Skeleton height={48} radius="md" />
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
      <ProblemNote problem={act.problem} />
    </Panel>
  );
}
