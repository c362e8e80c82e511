import { ActionIcon, Button } from '@mantine/core';
import { IconAlertCircle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { problemWords, useWords } from '../i18n/use-words.ts';
import classes from './Toasts.module.css';

export interface Toast {
  readonly text: string;
  readonly tone?: 'good' | 'bad';
  /** What takes the act back; its button stays with the toast. */
  readonly undo?: () => Promise<unknown>;
}

export interface Toasts {
  show(toast: Toast): void;
  /** What was thrown, in words. */
  problem(thrown: unknown): void;
}

interface ShownToast extends Toast {
  readonly id: number;
}

const ToastContext = createContext<Toasts | undefined>(undefined);
const SHOWN_MS = 6_000;
const UNDO_MS = 12_000;
const MOST = 4;

export function useToasts(): Toasts {
  const toasts = useContext(ToastContext);
  if (toasts === undefined) throw new Error('useToasts is for components inside ToastProvider.');
  return toasts;
}

/** Short news of what was done. They go by themselves, but not while somebody points at them or has the focus in them. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const [shown, setShown] = useState<readonly ShownToast[]>([]);
  const [held, setHeld] = useState(false);
  const next = useRef(0);
  const words = useRef(t);
  useEffect(() => {
    words.current = t;
  });

  const toasts = useMemo<Toasts>(() => {
    const show = (toast: Toast): void => {
      next.current += 1;
      const id = next.current;
      setShown((before) => [...before.slice(1 - MOST), { ...toast, id }]);
    };
    return {
      show,
      problem: (thrown) => show({ tone: 'bad', text: problemWords(words.current, thrown) }),
    };
  }, []);
  const remove = (id: number): void => setShown((before) => before.filter((toast) => toast.id !== id));

  return (
    <ToastContext value={toasts}>
      {children}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Only keeps what is read from going. */}
      <div
        className={classes['stack']}
        onMouseEnter={() => setHeld(true)}
        onMouseLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        <div role="status" aria-live="polite" aria-relevant="additions" className={classes['list']}>
          {shown.map((toast) => (
            <ToastCard key={toast.id} toast={toast} held={held} onGone={() => remove(toast.id)} />
          ))}
        </div>
      </div>
    </ToastContext>
  );
}

interface ToastCardProps {
  readonly toast: ShownToast;
  readonly held: boolean;
  readonly onGone: () => void;
}

function ToastCard({ toast, held, onGone }: ToastCardProps) {
  const { t } = useWords();
  const toasts = useToasts();
  const [undoing, setUndoing] = useState(false);
  const { undo, tone = 'good' } = toast;
  const gone = useRef(onGone);
  useEffect(() => {
    gone.current = onGone;
  });
  useEffect(() => {
    if (held || undoing) return undefined;
    const timer = window.setTimeout(() => gone.current(), undo === undefined ? SHOWN_MS : UNDO_MS);
    return () => window.clearTimeout(timer);
  }, [held, undoing, undo]);

  async function takeBack(): Promise<void> {
    if (undo === undefined) return;
    setUndoing(true);
    try {
      await undo();
      onGone();
      toasts.show({ text: t('shared.undone') });
    } catch (thrown) {
      onGone();
      toasts.problem(thrown);
    }
  }

  return (
    <div className={classes['toast']} data-tone={tone}>
      {tone === 'good' ? (
        <IconCircleCheck size={20} stroke={1.8} aria-hidden="true" />
      ) : (
        <IconAlertCircle size={20} stroke={1.8} aria-hidden="true" />
      )}
      <span className={classes['text']}>{toast.text}</span>
      {undo === undefined ? null : (
        <Button size="compact-sm" variant="subtle" loading={undoing} onClick={() => void takeBack()}>
          {t('shared.undo')}
        </Button>
      )}
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('shared.dismiss')} onClick={onGone}>
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}
