import { Alert, Button, Checkbox, Skeleton } from '@mantine/core';
import type { Import } from '@offhook/contract';
import { IconAlertCircle, IconArrowBackUp, IconCircleCheck, IconColumns3 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { ProgressBar } from '../shared/ProgressBar.tsx';
import { useAct } from '../shared/use-act.ts';
import { useNow } from '../shared/use-now.ts';
import { usersKey } from '../users/users.ts';
import { ImportRows } from './ImportRows.tsx';
import { ImportStatePill } from './ImportStatePill.tsx';
import { importQuery, isWorking, useImportActs } from './imports.ts';
import { MappingForm } from './MappingForm.tsx';
import classes from './imports.module.css';

/** One import, from its file to its undo. */
export function Page() {
  const { t } = useWords();
  const { importId = '' } = useParams({ strict: false });
  const { data: run, error, refetch } = useQuery(importQuery(useApi(), importId));
  const queries = useQueryClient();
  const state = run?.state;
  useEffect(() => {
    if (state === 'applied' || state === 'undone') void queries.invalidateQueries({ queryKey: usersKey });
  }, [state, queries]);
  return (
    <>
      <PageHeader
        title={run?.fileName ?? t('imports.one')}
        back={{ to: '/admin/import', label: t('imports.title') }}
        {...(run === undefined
          ? {}
          : { badge: <ImportStatePill state={run.state} />, hint: <Origin run={run} /> })}
      />
      {run !== undefined ? (
        <Run run={run} />
      ) : error === null ? (
        <Skeleton height={220} radius="lg" aria-busy="true" />
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Origin({ run }: { readonly run: Import }) {
  const { t } = useWords();
  const format = useFormat();
  const delimiter = run.delimiter === '\t' ? t('imports.tab') : run.delimiter;
  return [
    t('imports.by', { name: run.createdBy, when: format.dateTime(run.createdAt) }),
    ...(run.encoding === undefined ? [] : [run.encoding]),
    ...(delimiter === undefined ? [] : [t('imports.delimiter', { delimiter })]),
  ].join(' · ');
}

function Run({ run }: { readonly run: Import }) {
  const api = useApi();
  const acts = useImportActs(api);
  const [mapping, setMapping] = useState(false);
  const { importId, state, columns } = run;
  if (isWorking(state)) return <Working run={run} />;
  if (columns !== undefined && (state === 'mapping' || (state === 'preview' && mapping))) {
    return (
      <div className={classes['stack']}>
        <Failure run={run} />
        <MappingForm
          columns={columns}
          onMap={async (fields) => {
            await acts.map(importId, { columns: [...fields] });
            setMapping(false);
          }}
          {...(state === 'preview' ? { onCancel: () => setMapping(false) } : {})}
        />
      </div>
    );
  }
  return (
    <div className={classes['stack']}>
      <Failure run={run} />
      {state === 'preview' ? (
        <Preview run={run} onMapping={columns === undefined ? undefined : () => setMapping(true)} />
      ) : null}
      {state === 'applied' ? <Applied run={run} /> : null}
      {state === 'undone' ? <Undone /> : null}
      {state === 'failed' ? <Discard importId={importId} /> : <ImportRows key={state} run={run} />}
    </div>
  );
}

function Working({ run }: { readonly run: Import }) {
  const { t } = useWords();
  const format = useFormat();
  const { state, progress } = run;
  const label = t(
    state === 'reading' ? 'imports.reading' : state === 'applying' ? 'imports.applying' : 'imports.undoing',
  );
  return (
    <Panel>
      <ProgressBar
        label={label}
        {...(progress.of === 0
          ? {}
          : {
              share: Math.min(1, progress.done / progress.of),
              // A file is measured in bytes as long as nobody knows its rows.
              ...(state === 'reading'
                ? {}
                : {
                    detail: t('imports.progress', {
                      done: format.number(progress.done),
                      of: format.number(progress.of),
                    }),
                  }),
            })}
      />
    </Panel>
  );
}

function Failure({ run }: { readonly run: Import }) {
  const { t } = useWords();
  if (run.failure === undefined) return null;
  return (
    <Alert
      variant="light"
      color={run.failure === 'stale' ? 'amber' : 'signal'}
      icon={<IconAlertCircle />}
      radius="md"
    >
      {t(`imports.failure.${run.failure}`)}
    </Alert>
  );
}

interface PreviewProps {
  readonly run: Import;
  readonly onMapping: (() => void) | undefined;
}

function Preview({ run, onMapping }: PreviewProps) {
  const { t } = useWords();
  const format = useFormat();
  const acts = useImportActs(useApi());
  const [invite, setInvite] = useState(true);
  const act = useAct();
  const { importId, counts } = run;
  const touched = counts.new + counts.changed;
  return (
    <Panel
      title={t(touched === 0 ? 'imports.preview.nothing' : 'imports.preview')}
      hint={t(counts.refused === 0 ? 'imports.preview.hint' : 'imports.preview.refused', {
        count: counts.refused,
      })}
      {...(onMapping === undefined
        ? {}
        : {
            actions: (
              <Button variant="default" leftSection={<IconColumns3 size={18} />} onClick={onMapping}>
                {t('imports.mapping.change')}
              </Button>
            ),
          })}
    >
      <div className={classes['inner']}>
        {counts.new === 0 ? null : (
          <Checkbox
            label={t('imports.invite')}
            description={t('imports.invite.hint')}
            checked={invite}
            onChange={(event) => setInvite(event.currentTarget.checked)}
          />
        )}
        <ProblemNote problem={act.problem} />
        <div className={classes['buttons']}>
          <Discard importId={importId} />
          <Button
            loading={act.busy}
            disabled={touched === 0}
            onClick={() => void act.run(() => acts.apply(importId, invite && counts.new > 0))}
          >
            {t('imports.apply', { count: touched, number: format.number(touched) })}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

/** Back to the beginning; the file is thrown away. */
function Discard({ importId }: { readonly importId: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const acts = useImportActs(useApi());
  const act = useAct();
  return (
    <div>
      <Button
        variant="default"
        loading={act.busy}
        onClick={() =>
          void act.run(async () => {
            await acts.discard(importId);
            await navigate({ to: '/admin/import' });
          })
        }
      >
        {t('imports.discard')}
      </Button>
      <ProblemNote problem={act.problem} />
    </div>
  );
}

function Applied({ run }: { readonly run: Import }) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const acts = useImportActs(useApi());
  const [asking, setAsking] = useState(false);
  const { counts, undoUntil } = run;
  const undoable = undoUntil !== undefined && undoUntil > now;
  return (
    <Alert variant="light" color="leaf" icon={<IconCircleCheck />} radius="md" title={t('imports.applied')}>
      {t('imports.applied.counts', {
        created: format.number(counts.new),
        changed: format.number(counts.changed),
      })}{' '}
      {undoable ? t('imports.undo.until', { when: format.dateTime(undoUntil) }) : t('imports.undo.over')}
      {undoable ? (
        <div style={{ marginTop: 12 }}>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconArrowBackUp size={18} />}
            onClick={() => setAsking(true)}
          >
            {t('imports.undo')}
          </Button>
        </div>
      ) : null}
      {asking ? (
        <ConfirmByName
          title={t('imports.undo.title')}
          confirm={t('imports.undo')}
          act={() => acts.undo(run.importId)}
          onClose={() => setAsking(false)}
        >
          {t('imports.undo.hint')}
        </ConfirmByName>
      ) : null}
    </Alert>
  );
}

function Undone() {
  const { t } = useWords();
  return (
    <Alert variant="light" color="gray" icon={<IconArrowBackUp />} radius="md">
      {t('imports.undone')}
    </Alert>
  );
}
