import { Modal } from '@mantine/core';
import type { AuditEntry } from '@offhook/contract';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { actionWords, valueText } from './action-words.ts';
import classes from './Audit.module.css';

export interface EntryDialogProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}

/** All of one entry: who, where from, and what was before and after. */
export function EntryDialog({ entry, onClose }: EntryDialogProps) {
  const { t } = useWords();
  const format = useFormat();
  const { action, actor, subject, at, address, requestId, before = {}, after = {} } = entry;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
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
      {names.length === 0 ? null : (
        <table className={classes['changes']}>
          <thead>
            <tr>
              <th scope="col">{t('audit.field')}</th>
              <th scope="col">{t('audit.before')}</th>
              <th scope="col">{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{valueText(before[name])}</td>
                <td>{valueText(after[name])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
