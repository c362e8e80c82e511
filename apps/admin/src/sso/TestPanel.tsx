import { Alert, Anchor, Button, Loader, Stack } from '@mantine/core';
import { SSO_TEST_PARAMETER, SsoTest } from '@offhook/contract';
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import classes from './Sso.module.css';

const POLL_MS = 2_000;
const testKey = (testId: string) => ['sso-test', testId];

/** A sign-in as people will do it, in a tab of its own; what came of it is shown here, and in that tab, too. */
export function TestPanel({ ready }: { readonly ready: boolean }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const returned = search[SSO_TEST_PARAMETER];
  const [begun, setBegun] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const testId = begun ?? (typeof returned === 'string' ? returned : undefined);
  const { data: test, error } = useQuery<SsoTest>({
    queryKey: testKey(testId ?? ''),
    enabled: testId !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? POLL_MS : false),
    // The sign-in is in another tab: this one has to notice from behind.
    refetchIntervalInBackground: true,
    queryFn: ({ signal }) =>
      api.get(`/api/admin/sso/test/${encodeURIComponent(testId ?? '')}`, SsoTest, {}, signal),
  });

  async function begin(): Promise<void> {
    // Only in the click itself a browser lets a tab be opened.
    const tab = window.open('', '_blank');
    setBusy(true);
    setProblem(undefined);
    try {
      const started = await api.ask('POST', '/api/admin/sso/test', SsoTest, {});
      queries.setQueryData(testKey(started.testId), started);
      setBegun(started.testId);
      if (tab !== null) tab.location.href = started.startUrl;
    } catch (thrown) {
      tab?.close();
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel
      title={t('sso.test')}
      hint={t('sso.test.hint')}
      actions={
        <Button variant="default" disabled={!ready} loading={busy} onClick={() => void begin()}>
          {t('sso.test.begin')}
        </Button>
      }
    >
      <Stack gap="md" role="status">
        {ready ? null : <span className={classes['waiting']}>{t('sso.test.saveFirst')}</span>}
        <ProblemNote problem={problem ?? error} />
        {test === undefined ? null : <Outcome test={test} />}
      </Stack>
    </Panel>
  );
}

function Outcome({ test }: { readonly test: SsoTest }) {
  const { t } = useWords();
  const { state, fault, detail, email = '', name, startUrl } = test;
  switch (state) {
    case 'waiting':
      return (
        <div className={classes['waiting']}>
          <Loader size="sm" aria-hidden="true" />
          {t('sso.test.waiting')}
          <Anchor href={startUrl} target="_blank" rel="noreferrer">
            {t('sso.test.open')}
          </Anchor>
        </div>
      );
    case 'passed':
      return (
        <Alert
          variant="light"
          color="leaf"
          icon={<IconCircleCheck />}
          title={t('sso.test.passed')}
          radius="md"
          role="note"
        >
          {t('sso.test.passed.who', { who: name === undefined ? email : `${name} (${email})` })}
        </Alert>
      );
    case 'failed':
      return (
        <Alert
          variant="light"
          color="signal"
          icon={<IconAlertCircle />}
          title={t('sso.test.failed')}
          radius="md"
          role="note"
        >
          {t(`sso.fault.${fault ?? 'response_invalid'}`)}
          {detail === undefined ? null : <div className={classes['said']}>{detail}</div>}
        </Alert>
      );
  }
}
