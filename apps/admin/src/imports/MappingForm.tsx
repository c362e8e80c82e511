import { Button, NativeSelect } from '@mantine/core';
import { ImportField, type Import } from '@offhook/contract';
import { isUsable } from '@offhook/subscribers';
import { useState, type SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useAct } from '../shared/use-act.ts';
import classes from './imports.module.css';

export interface MappingFormProps {
  readonly columns: NonNullable<Import['columns']>;
  readonly onMap: (columns: readonly (ImportField | null)[]) => Promise<void>;
  /** Absent: there is nothing to go back to. */
  readonly onCancel?: () => void;
}

/** Which column is what, with a few values of each: what was guessed is put right by hand. */
export function MappingForm({ columns, onMap, onCancel }: MappingFormProps) {
  const { t } = useWords();
  const [fields, setFields] = useState<readonly (ImportField | null)[]>(() =>
    columns.map(({ field }) => field),
  );
  const act = useAct();
  const used = fields.filter((field) => field !== null);
  const twice = new Set(used.filter((field, at) => used.indexOf(field) !== at));
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    void act.run(() => onMap(fields));
  };
  return (
    <Panel title={t('imports.mapping')} hint={t('imports.mapping.hint')}>
      <form onSubmit={send} className={classes['inner']}>
        <div className={classes['mapping']}>
          {columns.map(({ heading, samples }, at) => {
            const field = fields[at] ?? null;
            const shown = heading === '' ? t('imports.mapping.unnamed', { number: at + 1 }) : heading;
            return (
              // oxlint-disable-next-line react/no-array-index-key -- Columns are known by their place; headings may be alike.
              <div key={at} className={classes['column']}>
                <div>
                  <div className={classes['heading']}>{shown}</div>
                  <div className={classes['samples']}>
                    {samples.filter((text) => text !== '').join(' · ')}
                  </div>
                </div>
                <NativeSelect
                  aria-label={t('imports.mapping.of', { heading: shown })}
                  size="sm"
                  value={field ?? ''}
                  error={field !== null && twice.has(field) ? t('imports.mapping.twice') : undefined}
                  data={[
                    { value: '', label: t('imports.field.none') },
                    ...ImportField.options.map((one) => ({ value: one, label: t(`imports.field.${one}`) })),
                  ]}
                  onChange={(event) => {
                    const chosen = ImportField.safeParse(event.currentTarget.value);
                    setFields(fields.with(at, chosen.success ? chosen.data : null));
                  }}
                />
              </div>
            );
          })}
        </div>
        {fields.includes('email') ? null : (
          <p className={classes['quiet']} role="status">
            {t('imports.mapping.email')}
          </p>
        )}
        <ProblemNote problem={act.problem} />
        <div className={classes['buttons']}>
          {onCancel === undefined ? null : (
            <Button variant="default" onClick={onCancel} disabled={act.busy}>
              {t('shared.cancel')}
            </Button>
          )}
          <Button type="submit" loading={act.busy} disabled={!isUsable({ columns: [...fields] })}>
            {t('imports.mapping.submit')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
