import { Modal } from '@mantine/core';
import type { AuditEntry } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { actionWords } from './action-words.ts';
import { changesOf } from './changes.ts';
import { fieldWords } from './field-words.ts';
import { useCompanyFormat } from './use-company-format.ts';
import { useValueWords } from './use-value-words.ts';
import classes from './Audit.module.css';

export interface EntryDialogProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}

/** All of one entry: who, where from, and what was before and after. */
export function EntryDialog({ entry, onClose }: EntryDialogProps) {
  const { t } = useWords();
  const format = useCompanyFormat();
  const { action, actor, subject, at, address, requestId } = entry;
  const changes = changesOf(entry);
  const words = useValueWords(format, changes);
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('audit.actor'), actor.kind === 'system' ? t('audit.actor.system') : actor.name],
    [t('audit.actorKind'), t(`audit.kind.${actor.kind}`)],
    [t('audit.subject'), subject.name || subject.id || undefined],
    [t('audit.at'), format.dateTime(at)],
    [t('audit.address'), address],
    [t('audit.requestId'), requestId],
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title={actionWords(t, action)}
      size="lg"
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <dl className={classes['facts']}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {changes.length === 0 ? null : (
        <table className={classes['changes']}>
          <thead>
            <tr>
              <th scope="col">{t('audit.field')}</th>
              <th scope="col">{t('audit.before')}</th>
              <th scope="col">{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{fieldWords(t, subject.kind, field)}</th>
                <td data-head={t('audit.before')}>{words(field, before)}</td>
                <td data-head={t('audit.after')}>{words(field, after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
