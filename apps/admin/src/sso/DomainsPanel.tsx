import { Alert, Button } from '@mantine/core';
import { SsoDomainCheck, type SsoDomain } from '@offhook/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { CopyField } from '../shared/CopyField.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { ssoKey } from './sso-key.ts';
import classes from './Sso.module.css';

/** Whether each e-mail domain is proved, and what to show in the DNS where it is not. */
export function DomainsPanel({ proofs }: { readonly proofs: readonly SsoDomain[] }) {
  const { t } = useWords();
  return (
    <Panel title={t('sso.proof')} hint={t('sso.proof.hint')}>
      <ul className={classes['proofs']}>
        {proofs.map((proof) => (
          <Domain key={`${proof.domain} ${proof.record}`} proof={proof} />
        ))}
      </ul>
    </Panel>
  );
}

function Domain({ proof }: { readonly proof: SsoDomain }) {
  const { t } = useWords();
  const format = useFormat();
  const { domain, proved, record } = proof;
  return (
    <li className={classes['proof']}>
      <div className={classes['waiting']}>
        <b>{domain}</b>
        <StatusPill tone={proved === undefined ? 'wait' : 'good'}>
          {t(proved === undefined ? 'sso.proof.waiting' : `sso.proof.by.${proved.by}`, {
            when: proved === undefined ? '' : format.date(proved.at),
          })}
        </StatusPill>
      </div>
      {proved === undefined ? (
        <>
          <CopyField
            label={t('sso.proof.record', { domain })}
            description={t('sso.proof.record.hint')}
            value={record}
          />
          <Check domain={domain} />
        </>
      ) : null}
    </li>
  );
}

function Check({ domain }: { readonly domain: string }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [checked, setChecked] = useState<SsoDomainCheck>();
  const [problem, setProblem] = useState<unknown>();

  async function check(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    setChecked(undefined);
    try {
      const path = `/api/admin/sso/domains/${encodeURIComponent(domain)}/check`;
      setChecked(await api.ask('POST', path, SsoDomainCheck));
      await queries.invalidateQueries({ queryKey: ssoKey });
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <div>
        <Button
          variant="default"
          loading={busy}
          onClick={() => void check()}
          aria-label={`${t('sso.proof.check')}: ${domain}`}
        >
          {t('sso.proof.check')}
        </Button>
      </div>
      {checked === undefined || checked.found === 'proved' ? null : (
        <Alert variant="light" color="amber" radius="md" role="status">
          {t(`sso.proof.found.${checked.found}`, { domain })}
          {checked.seen.map((seen) => (
            <div key={seen} className={classes['said']}>
              {seen}
            </div>
          ))}
        </Alert>
      )}
      <ProblemNote problem={problem} />
    </>
  );
}
