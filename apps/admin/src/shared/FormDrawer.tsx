import { Button, Drawer } from '@mantine/core';
import type { ReactNode, SubmitEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from './FormDrawer.module.css';
import { ProblemNote } from './ProblemNote.tsx';

export interface FormDrawerProps {
  readonly title: string;
  /** The act, as its button says it: “Create user”. */
  readonly submit: string;
  readonly busy: boolean;
  /** What no input of the form tells. */
  readonly problem: unknown;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form beside the list that it belongs to: its buttons stay in sight however long it is. */
export function FormDrawer(props: FormDrawerProps) {
  const { title, submit, busy, problem, onSubmit, onClose, children } = props;
  const { t } = useWords();
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Drawer
      opened
      onClose={busy ? () => undefined : onClose}
      title={title}
      position="right"
      size={480}
      padding={0}
      closeOnClickOutside={false}
      overlayProps={{ backgroundOpacity: 0.4, blur: 2 }}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
      classNames={{
        header: classes['header'] ?? '',
        title: classes['title'] ?? '',
        content: classes['content'] ?? '',
        body: classes['body'] ?? '',
      }}
    >
      <form onSubmit={send} noValidate className={classes['form']} autoComplete="off">
        <div className={classes['fields']}>{children}</div>
        <div className={classes['foot']}>
          <ProblemNote problem={problem} />
          <div className={classes['buttons']}>
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('shared.cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {submit}
            </Button>
          </div>
        </div>
      </form>
    </Drawer>
  );
}

/** A part of a form with a name of its own. */
export function FormSection({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className={classes['section']}>
      <legend className={classes['legend']}>{title}</legend>
      {hint === undefined ? null : <p className={classes['hint']}>{hint}</p>}
      {children}
    </fieldset>
  );
}
